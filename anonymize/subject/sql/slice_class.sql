-- table: slice_class, per slice
-- reads: links, memberships, person
-- args: subject, low, high
-- grain: one row per subject, school and class of a child
-- columns: person_key, school_key, class_key, from_day, to_day
-- The classes of the children of each subject of one slice. A pupil who is the subject is their own child.
SELECT
  c.person_key, c.school_key, c.class_key,
  MIN(c.from_day) AS from_day,
  MAX(CASE WHEN c.to_day < 0 THEN 2147483647 ELSE c.to_day END) AS to_day
FROM (
  SELECT p.person_key, p.profile, m.school_key, m.class_key, GREATEST(m.from_day, p.created_day) AS from_day, m.to_day
  FROM person AS p
  JOIN links AS l ON l.guardian_key = p.person_key
  JOIN memberships AS m ON m.person_key = l.child_key
  WHERE m.class_key <> 0
  UNION ALL
  SELECT p.person_key, p.profile, m.school_key, m.class_key, GREATEST(m.from_day, p.created_day) AS from_day, m.to_day
  FROM person AS p
  JOIN memberships AS m ON m.person_key = p.person_key
  WHERE m.class_key <> 0
) AS c
WHERE c.profile = :subject AND c.person_key >= :low AND c.person_key <= :high
GROUP BY c.person_key, c.school_key, c.class_key
