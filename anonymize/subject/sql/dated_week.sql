-- table: dated_week, per slice
-- reads: dated_visit
-- grain: one row per subject scope and counted school week with a visit
-- columns: person_key, mask, week_day, visits, days
-- Visits and days with a visit of each subject scope in each counted school week.
SELECT d.person_key, d.mask, d.week_day, CAST(SUM(d.visits) AS BIGINT) AS visits, COUNT(*) AS days
FROM (
  SELECT person_key, mask, week_day, local_date, COUNT(*) AS visits
  FROM dated_visit
  WHERE counted = 1
  GROUP BY person_key, mask, week_day, local_date
) AS d
GROUP BY d.person_key, d.mask, d.week_day
