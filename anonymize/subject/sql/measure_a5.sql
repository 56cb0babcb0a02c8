-- A5: do grades come sooner after the staff of a school was trained? A person
-- brings the publications to the classes of the children.
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'A5.before.trained' AS measure, 'pairs' AS population,
  CAST(SUM(d.days_before) AS BIGINT) AS x, CAST(SUM(d.before) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN delay AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
WHERE d.trained = 1 AND d.before > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'A5.before.others' AS measure, 'pairs' AS population,
  CAST(SUM(d.days_before) AS BIGINT) AS x, CAST(SUM(d.before) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN delay AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
WHERE d.trained = 0 AND d.before > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'A5.after.trained' AS measure, 'pairs' AS population,
  CAST(SUM(d.days_after) AS BIGINT) AS x, CAST(SUM(d.after) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN delay AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
WHERE d.trained = 1 AND d.after > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'A5.after.others' AS measure, 'pairs' AS population,
  CAST(SUM(d.days_after) AS BIGINT) AS x, CAST(SUM(d.after) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN delay AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
WHERE d.trained = 0 AND d.after > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
