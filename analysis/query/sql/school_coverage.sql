-- answer:
-- reads: coverage
-- grain: one row per school, feed, service and week
-- columns: uai, feed, service, week_day, expected, reporting
-- Which feeds reported when, school by school?
SELECT
  uai, feed, service, week_day,
  CAST(SUM(expected) AS BIGINT) AS expected,
  CAST(SUM(reporting) AS BIGINT) AS reporting
FROM coverage
GROUP BY uai, feed, service, week_day
ORDER BY uai, feed, service, week_day
