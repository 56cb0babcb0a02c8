-- table: reported
-- reads: coverage
-- grain: one row per feed, school, service and week
-- columns: feed, school_key, service, week_day
-- Which feed reported what for which school in which week; service 0 is any.
SELECT feed, school_key, service, week_day
FROM coverage
WHERE service > 0 AND feed IN (SELECT feed FROM coverage WHERE known = 1)
UNION
SELECT feed, school_key, 0 AS service, week_day
FROM coverage
WHERE feed IN (SELECT feed FROM coverage WHERE known = 1)
