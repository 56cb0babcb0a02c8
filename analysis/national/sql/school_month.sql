-- answer: school_month
-- reads: measured
-- args: origin
-- grain: one row per school and run of four weeks counted from the origin
-- order: uai, start
-- columns: uai, start, visits, weeks (of parents, in the weeks that measure use)
-- How did the visits of parents go in each school, four weeks at a time?
SELECT uai, start, CAST(COALESCE(SUM(parent), 0) AS BIGINT) AS visits, COUNT(parent) AS weeks
FROM (SELECT uai, week_day - MOD(week_day - CAST(? AS INTEGER), 28) AS start, parent FROM measured) AS m
GROUP BY uai, start
