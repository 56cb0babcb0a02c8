-- table: counted_person, per grouping
-- reads: attributed_pair
-- grain: one row per population, group and person
-- columns: grp, school_key, family_key, person_key, population, pairs, events, days, day_base, days2, days3,
--   days5, very_frequent, empties, later_visits, expected
-- What each person brings to the grade measures in each group of the grouping, the sum over their pairs, for
-- the two denominators: pairs and all covered school days, and pairs with a grade visit and the days with
-- one.
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key, x.population,
  COUNT(*) AS pairs,
  CAST(SUM(p.events) AS BIGINT) AS events,
  CAST(SUM(p.days) AS BIGINT) AS days,
  CAST(SUM(CASE WHEN x.least = 0 THEN p.days ELSE p.days1 END) AS BIGINT) AS day_base,
  CAST(SUM(p.days2) AS BIGINT) AS days2,
  CAST(SUM(p.days3) AS BIGINT) AS days3,
  CAST(SUM(p.days5) AS BIGINT) AS days5,
  CAST(SUM(p.very_frequent) AS BIGINT) AS very_frequent,
  CAST(SUM(CASE WHEN p.visits >= 10 THEN p.empties ELSE 0 END) AS BIGINT) AS empties,
  CAST(SUM(CASE WHEN p.visits >= 10 THEN p.visits - 1 ELSE 0 END) AS BIGINT) AS later_visits,
  CAST(SUM(p.expected) AS BIGINT) AS expected
FROM attributed_pair AS p
JOIN (SELECT 'pairs' AS population, 0 AS least UNION ALL SELECT 'active_pairs', 1) AS x ON p.visits >= x.least
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, x.population
