-- A2: does a first visit come within 8 weeks of the accompaniment, from its day on,
-- of those who had none in the window before that day? Where the window holds the 8
-- weeks. The day of a control is that of the matched parent.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  CASE WHEN m.arm = 1 THEN 'A2.first.accompanied' ELSE 'A2.first.control' END AS measure,
  'matched' AS population,
  CASE WHEN a.first_date >= 0 AND a.first_date <= m.day + 55 THEN 1 ELSE 0 END AS x, 1 AS y
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
CROSS JOIN study AS s
WHERE a.period = 0 AND (a.first_date < 0 OR a.first_date >= m.day) AND m.day + 55 <= s.end_day
