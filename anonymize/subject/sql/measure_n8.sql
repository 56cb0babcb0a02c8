-- N8: does deferred publication lower checking? Pairs open on both sides of the day.
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'N8.before.changed' AS measure, 'pairs' AS population,
  CAST(SUM(c.before_two) AS BIGINT) AS x, CAST(SUM(c.before_days) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN pair_change AS c ON c.person_key = p.person_key AND c.school_key = p.school_key
WHERE c.changed = 1 AND c.before_days > 0 AND c.after_days > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'N8.after.changed' AS measure, 'pairs' AS population,
  CAST(SUM(c.after_two) AS BIGINT) AS x, CAST(SUM(c.after_days) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN pair_change AS c ON c.person_key = p.person_key AND c.school_key = p.school_key
WHERE c.changed = 1 AND c.before_days > 0 AND c.after_days > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'N8.before.same' AS measure, 'pairs' AS population,
  CAST(SUM(c.before_two) AS BIGINT) AS x, CAST(SUM(c.before_days) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN pair_change AS c ON c.person_key = p.person_key AND c.school_key = p.school_key
WHERE c.changed = 0 AND c.before_days > 0 AND c.after_days > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'N8.after.same' AS measure, 'pairs' AS population,
  CAST(SUM(c.after_two) AS BIGINT) AS x, CAST(SUM(c.after_days) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN pair_change AS c ON c.person_key = p.person_key AND c.school_key = p.school_key
WHERE c.changed = 0 AND c.before_days > 0 AND c.after_days > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
