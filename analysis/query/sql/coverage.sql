-- answer:
-- reads: coverage
-- grain: one row per feed, level, service and week
-- columns: feed, level, service, week, expected, reporting
-- How many schools should each feed have reported each week, and how many did it?
SELECT
  feed, level, service, CAST(week - CAST('1970-01-01' AS DATE) AS INTEGER) AS week,
  CAST(SUM(expected) AS BIGINT) AS expected,
  CAST(SUM(reporting) AS BIGINT) AS reporting
FROM coverage
GROUP BY feed, level, service, week
ORDER BY feed, level, service, week
