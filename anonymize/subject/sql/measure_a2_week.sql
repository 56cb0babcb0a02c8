-- A2: visits in the covered school weeks around an accompaniment, in both arms.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'A2.week' || CASE WHEN w.place > 0 THEN '+' ELSE '' END || CAST(w.place AS VARCHAR)
    || CASE WHEN m.arm = 1 THEN '.accompanied' ELSE '.control' END AS measure,
  'matched' AS population,
  COALESCE(v.visits, 0) AS x, 1 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
JOIN relative_week AS w ON w.school_key = m.school_key AND w.accompanied_week = m.accompanied_week
LEFT JOIN person_week AS v ON v.person_key = a.person_key AND v.week_day = w.week_day
WHERE a.period = 0
