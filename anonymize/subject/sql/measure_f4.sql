-- F4: do visits change with a loan, and without one?
SELECT
  grp, 0 AS period, school_key, family_key,
  'F4.before.loan' AS measure, 'families' AS population,
  visits_before AS x, 8 AS y
FROM attributed_loan
WHERE lent = 1
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'F4.before.waiting' AS measure, 'families' AS population,
  visits_before AS x, 8 AS y
FROM attributed_loan
WHERE lent = 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'F4.after.loan' AS measure, 'families' AS population,
  visits_after AS x, 8 AS y
FROM attributed_loan
WHERE lent = 1
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'F4.after.waiting' AS measure, 'families' AS population,
  visits_after AS x, 8 AS y
FROM attributed_loan
WHERE lent = 0
