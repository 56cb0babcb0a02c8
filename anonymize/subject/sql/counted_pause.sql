-- table: counted_pause, per grouping
-- reads: attributed_pair, pause_pair
-- grain: one row per population, group, person and pause
-- columns: grp, school_key, family_key, person_key, population, pause, days2, days3, days5, day_base
-- The days with several grade visits of each person in each group of the grouping, for each pause and the two
-- denominators of counted_person.
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key, 'pairs' AS population, u.pause,
  CAST(SUM(COALESCE(d.days2, 0)) AS BIGINT) AS days2,
  CAST(SUM(COALESCE(d.days3, 0)) AS BIGINT) AS days3,
  CAST(SUM(COALESCE(d.days5, 0)) AS BIGINT) AS days5,
  CAST(SUM(p.days) AS BIGINT) AS day_base
FROM attributed_pair AS p
CROSS JOIN (SELECT 15 AS pause UNION ALL SELECT 60 AS pause) AS u
LEFT JOIN pause_pair AS d ON d.person_key = p.person_key AND d.school_key = p.school_key AND d.pause = u.pause
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, u.pause
UNION ALL
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key, 'active_pairs' AS population, u.pause,
  CAST(SUM(COALESCE(d.days2, 0)) AS BIGINT) AS days2,
  CAST(SUM(COALESCE(d.days3, 0)) AS BIGINT) AS days3,
  CAST(SUM(COALESCE(d.days5, 0)) AS BIGINT) AS days5,
  CAST(SUM(COALESCE(d.days1, 0)) AS BIGINT) AS day_base
FROM attributed_pair AS p
CROSS JOIN (SELECT 15 AS pause UNION ALL SELECT 60 AS pause) AS u
LEFT JOIN pause_pair AS d ON d.person_key = p.person_key AND d.school_key = p.school_key AND d.pause = u.pause
WHERE p.visits > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, u.pause
