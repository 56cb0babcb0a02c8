-- P1: bounds of the parents who use their child's account.
SELECT
  grp, 0 AS period, school_key, family_key,
  'P1.low' AS measure, 'pupils' AS population,
  strict * (1 - guarded) AS x, 1 AS y
FROM attributed_pupil
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'P1.high' AS measure, 'pupils' AS population,
  loose * (1 - guarded) AS x, 1 AS y
FROM attributed_pupil
