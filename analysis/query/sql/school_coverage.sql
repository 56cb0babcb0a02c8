-- Which feeds reported when, school by school?
SELECT
  uai, feed, service, week_day,
  CAST(SUM(expected) AS BIGINT) AS expected,
  CAST(SUM(reporting) AS BIGINT) AS reporting
FROM coverage
GROUP BY uai, feed, service, week_day
ORDER BY uai, feed, service, week_day
