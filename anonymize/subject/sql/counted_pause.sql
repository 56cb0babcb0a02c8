-- The days with several grade visits of each person in each group of the
-- grouping, for each pause and both denominators of the grade measures.
SELECT
  p.grp, p.attributed_key, p.family_key, p.person_key, p.population, u.pause,
  CAST(SUM(COALESCE(d.days2, 0)) AS BIGINT) AS days2,
  CAST(SUM(COALESCE(d.days3, 0)) AS BIGINT) AS days3,
  CAST(SUM(COALESCE(d.days5, 0)) AS BIGINT) AS days5,
  CAST(SUM(CASE WHEN p.population = 'pairs' THEN p.days ELSE COALESCE(d.days1, 0) END) AS BIGINT) AS day_base
FROM counted_pair AS p
CROSS JOIN (SELECT 15 AS pause UNION ALL SELECT 60 AS pause) AS u
LEFT JOIN pause_pair AS d ON d.person_key = p.person_key AND d.school_key = p.school_key AND d.pause = u.pause
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, p.population, u.pause
