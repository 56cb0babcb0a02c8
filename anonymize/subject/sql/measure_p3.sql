-- P3: how many of the guardians of a pupil who has two visit?
SELECT
  grp, 0 AS period, school_key, family_key,
  'P3.none' AS measure, 'two_guardians' AS population,
  CASE WHEN visiting = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed_guarded
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'P3.one' AS measure, 'two_guardians' AS population,
  CASE WHEN visiting = 1 THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed_guarded
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'P3.two' AS measure, 'two_guardians' AS population,
  CASE WHEN visiting >= 2 THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed_guarded
