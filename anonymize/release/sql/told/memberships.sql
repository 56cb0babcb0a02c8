-- answer:
-- reads: memberships, people
-- args: end
-- grain: one row per person and belonging
-- columns: release_key, school_key, grade_level, from_day, to_day
-- Where has each person belonged, also before the window, and how does it read? A day of -1 is an open end, as one after
-- the window is: a window of a day more changes nobody.
SELECT
  p.release_key,
  CAST(r.school_key AS BIGINT) AS school_key,
  r.grade_level,
  CAST(r.from_day AS BIGINT) AS from_day,
  CAST(CASE WHEN r.to_day > :end THEN -1 ELSE r.to_day END AS BIGINT) AS to_day
FROM memberships AS r
JOIN people AS p ON p.person_key = r.person_key
WHERE r.from_day <= :end
ORDER BY p.release_key
