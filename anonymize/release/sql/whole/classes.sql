-- answer:
-- reads: memberships, people
-- args: end
-- grain: one row per person and belonging to a class
-- columns: release_key, school_key, class_key, grade_level, from_day, to_day
-- Who was in which class, from when until when?
SELECT
  p.release_key, CAST(m.school_key AS BIGINT) AS school_key, m.class_key, m.grade_level,
  CAST(m.from_day AS BIGINT) AS from_day, CAST(CASE WHEN m.to_day > :end THEN -1 ELSE m.to_day END AS BIGINT) AS to_day
FROM memberships AS m
JOIN people AS p ON p.person_key = m.person_key
WHERE m.class_key <> 0 AND m.from_day <= :end
