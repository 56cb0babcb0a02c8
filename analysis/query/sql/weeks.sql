-- How many visits did one profile make each week, by service?
SELECT level, cluster, schools, week_day, service, visits, persons
FROM weeks
WHERE profile = ?
ORDER BY level, cluster, week_day, service
