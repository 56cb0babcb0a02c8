-- L5: on which devices?
SELECT
  grp, period, school_key, family_key,
  'L5.known' AS measure, population AS population,
  known AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L5.phone' AS measure, population AS population,
  phone AS x, known AS y
FROM account
WHERE population = 'active_accounts' AND known > 0
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L5.computer' AS measure, population AS population,
  computer AS x, known AS y
FROM account
WHERE population = 'active_accounts' AND known > 0
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L5.tablet' AS measure, population AS population,
  tablet AS x, known AS y
FROM account
WHERE population = 'active_accounts' AND known > 0
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L5.phone_only' AS measure, population AS population,
  CASE WHEN phone = known THEN 1 ELSE 0 END AS x, 1 AS y
FROM account
WHERE population = 'active_accounts' AND known > 0
