-- answer:
-- reads: observed, school, study
-- args: least_reported
-- grain: one row per school
-- columns: school_key, observed, declared
-- Did enough pupils or parents sign in for each school of the perimeter in the window, and had it opened its
-- portal by its end (-1 unknown)?
SELECT
  s.school_key,
  CAST(MAX(CASE WHEN o.school_key IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS observed,
  CAST(MAX(CASE WHEN s.rollout_day < 0 THEN -1 WHEN s.rollout_day <= t.end_day THEN 1 ELSE 0 END) AS BIGINT) AS declared
FROM school AS s
CROSS JOIN study AS t
LEFT JOIN (
  SELECT school_key
  FROM observed
  GROUP BY school_key
  HAVING SUM(persons) >= :least_reported
) AS o ON o.school_key = s.school_key
GROUP BY s.school_key
ORDER BY s.school_key
