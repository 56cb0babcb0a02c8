-- A1: who was accompanied since the start of the school year? A family is one unit, counted once at
-- the smallest of the schools its persons are attributed to; persons is then families.
SELECT
  grp, period, school_key, family_key,
  'A1.accompanied' AS measure, population AS population,
  accompanied AS x, 1 AS y
FROM account
WHERE period = 0
UNION ALL
SELECT
  grp, 0 AS period, MIN(school_key) AS school_key, family_key,
  'A1.accompanied' AS measure, 'families' AS population,
  MAX(accompanied) AS x, 1 AS y
FROM account
WHERE period = 0 AND population = 'all_accounts'
GROUP BY grp, family_key
