-- table: attributed, per grouping
-- reads: accompanied, grouped, period_behaviour, person
-- grain: one row per group, period and subject
-- columns: grp, school_key, family_key, activated, created_day, accompanied, person_key, mask, period,
--   school_weeks, covered_weeks, weeks, week_visits, week_days, visit_weeks, visits, weight, h07, h09, h12,
--   h14, h17, h19, h21, h23, weekend, wednesday, holiday, known, phone, computer, tablet, recent28, recent60,
--   first_date, open_day
-- The behaviours of every subject at the school they are attributed to in each group of the grouping. Who came
-- is activated, whatever the directory says.
SELECT
  a.grp, a.school_key, p.family_key,
  CASE WHEN p.activated = 0 AND b.visits > 0 THEN 1 ELSE p.activated END AS activated, p.created_day,
  CASE WHEN r.person_key IS NOT NULL THEN 1 ELSE 0 END AS accompanied,
  b.*
FROM grouped AS a
JOIN period_behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = a.period
JOIN person AS p ON p.person_key = a.person_key
LEFT JOIN accompanied AS r ON r.person_key = a.person_key
