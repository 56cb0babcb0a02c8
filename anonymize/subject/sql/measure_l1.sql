-- L1: how often do accounts visit?
SELECT
  grp, period, school_key, family_key,
  'L1.visits_per_week' AS measure, population AS population,
  week_visits AS x, weeks AS y
FROM account
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L1.active_days_per_week' AS measure, population AS population,
  week_days AS x, weeks AS y
FROM account
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L1.weekly' AS measure, population AS population,
  visit_weeks AS x, weeks AS y
FROM account
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L1.actions_per_person' AS measure, population AS population,
  weight AS x, 1 AS y
FROM account
