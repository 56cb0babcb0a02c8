-- When were grades published to the class of one of the children of a pair?
-- A pupil who is the subject is their own child.
SELECT DISTINCT c.person_key, c.school_key, b.ts_ms, b.local_date
FROM (
  SELECT p.person_key, p.school_key, m.class_key
  FROM pair AS p
  JOIN links AS l ON l.guardian_key = p.person_key
  JOIN memberships AS m ON m.person_key = l.child_key AND m.school_key = p.school_key
  WHERE m.class_key <> 0
  UNION
  SELECT p.person_key, p.school_key, m.class_key
  FROM pair AS p
  JOIN memberships AS m ON m.person_key = p.person_key AND m.school_key = p.school_key
  WHERE m.class_key <> 0
) AS c
JOIN publications AS b ON b.school_key = c.school_key AND b.class_key = c.class_key
