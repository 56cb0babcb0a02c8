-- A4: does the collective accompaniment come first, and the individual after it?
SELECT
  grp, 0 AS period, school_key, family_key,
  'A4.collective_first' AS measure, 'families' AS population,
  CASE WHEN collective_day = first_day THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed_sequence
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'A4.individual_after' AS measure, 'families' AS population,
  CASE WHEN last_day > collective_day THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed_sequence
