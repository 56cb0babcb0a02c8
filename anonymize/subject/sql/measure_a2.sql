-- A2: visits before and after an accompaniment, with the matched arm; and the naive comparison.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'A2.before.accompanied' AS measure, 'matched' AS population,
  m.visits_before AS x, 4 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0 AND m.arm = 1
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'A2.after.accompanied' AS measure, 'matched' AS population,
  m.visits_after AS x, 4 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0 AND m.arm = 1
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'A2.before.control' AS measure, 'matched' AS population,
  m.visits_before AS x, 4 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0 AND m.arm = 0
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'A2.after.control' AS measure, 'matched' AS population,
  m.visits_after AS x, 4 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0 AND m.arm = 0
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'A2.naive.accompanied' AS measure, population AS population,
  week_visits AS x, weeks AS y
FROM account
WHERE period = 0 AND population = 'all_accounts' AND accompanied = 1
UNION ALL
SELECT
  grp, period, school_key, family_key,
  'A2.naive.others' AS measure, population AS population,
  week_visits AS x, weeks AS y
FROM account
WHERE period = 0 AND population = 'all_accounts' AND accompanied = 0
