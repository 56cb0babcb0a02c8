-- D3: the funnel from account to use.
SELECT
  grp, period, school_key, family_key,
  'D3.activated' AS measure, population AS population,
  activated AS x, 1 AS y
FROM account
WHERE period = 0 AND population = 'all_accounts' AND activated >= 0
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'D3.connected' AS measure, population AS population,
  CASE WHEN visits > 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account
WHERE period = 0 AND population = 'all_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'D3.active_month' AS measure, population AS population,
  CASE WHEN recent28 > 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account
WHERE period = 0 AND population = 'all_accounts'
