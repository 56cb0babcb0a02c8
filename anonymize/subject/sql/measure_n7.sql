-- N7: how long after the assessment are grades published, and after the copies?
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'N7.days' AS measure, 'pairs' AS population,
  CAST(SUM(w.days) AS BIGINT) AS x, CAST(SUM(w.assessed) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN publication_wait AS w ON w.person_key = p.person_key AND w.school_key = p.school_key
WHERE w.assessed > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
UNION ALL
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  'N7.after_return' AS measure, 'pairs' AS population,
  CAST(SUM(w.after_return) AS BIGINT) AS x, CAST(SUM(w.returned) AS BIGINT) AS y
FROM attributed_pair AS p
JOIN publication_wait AS w ON w.person_key = p.person_key AND w.school_key = p.school_key
WHERE w.returned > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
