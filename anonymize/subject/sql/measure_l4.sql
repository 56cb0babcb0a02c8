-- L4: when do visits start?
SELECT
  grp, period, school_key, family_key,
  'L4.07-09' AS measure, population AS population,
  h07 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.09-12' AS measure, population AS population,
  h09 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.12-14' AS measure, population AS population,
  h12 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.14-17' AS measure, population AS population,
  h14 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.17-19' AS measure, population AS population,
  h17 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.19-21' AS measure, population AS population,
  h19 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.21-23' AS measure, population AS population,
  h21 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.23-07' AS measure, population AS population,
  h23 AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.weekend' AS measure, population AS population,
  weekend AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.wednesday' AS measure, population AS population,
  wednesday AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'L4.holiday' AS measure, population AS population,
  holiday AS x, visits AS y
FROM account
WHERE population = 'active_accounts'
