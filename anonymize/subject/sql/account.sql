-- view: account, per grouping
-- reads: attributed
-- grain: one row per population, group, period and subject of a covered school
-- columns: population, grp, school_key, family_key, activated, created_day, accompanied, person_key, mask,
--   period, school_weeks, covered_weeks, weeks, week_visits, week_days, visit_weeks, visits, weight, h07,
--   h09, h12, h14, h17, h19, h21, h23, weekend, wednesday, holiday, known, phone, computer, tablet, recent28,
--   recent60, first_date, open_day
-- The two denominators: every account whose school is covered, and those with a visit.
SELECT 'all_accounts' AS population, a.* FROM attributed AS a WHERE a.covered_weeks > 0
UNION ALL
SELECT 'active_accounts' AS population, a.* FROM attributed AS a WHERE a.covered_weeks > 0 AND a.visits > 0
