-- answer:
-- reads: coverage
-- grain: one row per school, feed, service and week
-- columns: uai, feed, service, week, expected, reporting
-- Which feeds reported when, school by school?
SELECT
  uai, feed, service, CAST(week - CAST('1970-01-01' AS DATE) AS INTEGER) AS week,
  CAST(SUM(expected) AS BIGINT) AS expected,
  CAST(SUM(reporting) AS BIGINT) AS reporting
FROM coverage
GROUP BY uai, feed, service, week
ORDER BY uai, feed, service, week
