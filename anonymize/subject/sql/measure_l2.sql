-- L2: who never visits? Accounts created before a window of at least 8 school weeks, all covered.
SELECT
  grp, period, school_key, family_key,
  'L2.never' AS measure, 'all_accounts' AS population,
  CASE WHEN visits = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed
CROSS JOIN study
WHERE period = 0 AND school_weeks >= 8 AND covered_weeks = school_weeks AND created_day < start_day
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L2.never' AS measure, 'opened_accounts' AS population,
  CASE WHEN visits = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed
CROSS JOIN study
WHERE period = 0 AND school_weeks >= 8 AND covered_weeks = school_weeks AND created_day < start_day AND activated = 1
