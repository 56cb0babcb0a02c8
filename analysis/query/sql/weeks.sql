-- answer:
-- reads: weeks
-- args: profile
-- grain: one row per cluster, week and service
-- columns: level, cluster, schools, week_day, service, visits, persons
-- How many visits did one profile make each week, by service?
SELECT level, cluster, schools, week_day, service, visits, persons
FROM weeks
WHERE profile = :profile
ORDER BY level, cluster, week_day, service
