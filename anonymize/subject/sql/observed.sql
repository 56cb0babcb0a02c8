-- For which schools did a pupil or a parent of one slice sign in? An event that
-- names no school says it for those of one school.
SELECT DISTINCT m.school_key
FROM (
  SELECT DISTINCT person_key, school_key
  FROM event
  WHERE action <> 3
) AS e
JOIN person AS p ON p.person_key = e.person_key AND p.profile IN (1, 3)
JOIN member AS m ON m.person_key = e.person_key AND (m.school_key = e.school_key OR e.school_key = 0 AND p.schools = 1)
