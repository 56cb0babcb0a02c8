-- A2: visits before and after an accompaniment, with the matched arm, by its form.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  CASE WHEN m.arm = 1 THEN 'A2.before.accompanied.' ELSE 'A2.before.control.' END || CAST(m.form AS VARCHAR) AS measure,
  'matched' AS population,
  m.visits_before AS x, 4 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0 AND m.form >= 1 AND m.form <= 4
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  CASE WHEN m.arm = 1 THEN 'A2.after.accompanied.' ELSE 'A2.after.control.' END || CAST(m.form AS VARCHAR) AS measure,
  'matched' AS population,
  m.visits_after AS x, 4 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0 AND m.form >= 1 AND m.form <= 4
