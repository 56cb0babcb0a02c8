-- table: attributed_weekday, per grouping
-- reads: account, visit_weekday, weekdays
-- grain: one row per group, account with a visit and weekday
-- columns: grp, school_key, family_key, person_key, day_name, visits, h07, h09, h12, h14, h17, h19, h21, h23
-- The visits of the window of every active account, and those of each weekday by hours.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, w.day_name, a.visits,
  COALESCE(v.h07, 0) AS h07, COALESCE(v.h09, 0) AS h09, COALESCE(v.h12, 0) AS h12, COALESCE(v.h14, 0) AS h14,
  COALESCE(v.h17, 0) AS h17, COALESCE(v.h19, 0) AS h19, COALESCE(v.h21, 0) AS h21, COALESCE(v.h23, 0) AS h23
FROM account AS a
CROSS JOIN weekdays AS w
LEFT JOIN visit_weekday AS v ON v.person_key = a.person_key AND v.mask = a.mask AND v.weekday = w.weekday
WHERE a.period = 0 AND a.population = 'active_accounts'
