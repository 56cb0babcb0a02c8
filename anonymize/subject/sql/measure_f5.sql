-- F5: how concentrated is use?
SELECT
  grp, 0 AS period, school_key, family_key,
  'F5.rank' AS measure, 'all_accounts' AS population,
  visits * twice_rank AS x, visits AS y
FROM f5
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'F5.upper' AS measure, 'all_accounts' AS population,
  above AS x, visits AS y
FROM f5
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'F5.top_tenth' AS measure, 'all_accounts' AS population,
  top_tenth AS x, visits AS y
FROM f5
