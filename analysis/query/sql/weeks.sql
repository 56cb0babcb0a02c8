-- answer:
-- reads: weeks
-- args: profile
-- grain: one row per cluster, week and service
-- columns: level, cluster, schools, week, service, visits, persons
-- How many visits did one profile make each week, by service?
SELECT level, cluster, schools, CAST(week - CAST('1970-01-01' AS DATE) AS INTEGER) AS week, service, visits, persons
FROM weeks
WHERE profile = :profile
ORDER BY level, cluster, week, service
