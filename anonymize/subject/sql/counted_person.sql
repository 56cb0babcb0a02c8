-- table: counted_person, per grouping
-- reads: attributed_pair
-- grain: one row per population, group and person
-- columns: grp, school_key, family_key, person_key, population, pairs, events, days, day_base, days2, days3,
--   days5, very_frequent, empties, later_visits, expected
-- What each person brings to the grade measures in each group of the grouping, the sum over their pairs, for
-- the two denominators: pairs and all covered school days, and pairs with a grade visit and the days with
-- one.
SELECT
  grp, attributed_key AS school_key, family_key, person_key, 'pairs' AS population,
  COUNT(*) AS pairs,
  CAST(SUM(events) AS BIGINT) AS events,
  CAST(SUM(days) AS BIGINT) AS days,
  CAST(SUM(days) AS BIGINT) AS day_base,
  CAST(SUM(days2) AS BIGINT) AS days2,
  CAST(SUM(days3) AS BIGINT) AS days3,
  CAST(SUM(days5) AS BIGINT) AS days5,
  CAST(SUM(very_frequent) AS BIGINT) AS very_frequent,
  CAST(SUM(CASE WHEN visits >= 10 THEN empties ELSE 0 END) AS BIGINT) AS empties,
  CAST(SUM(CASE WHEN visits >= 10 THEN visits - 1 ELSE 0 END) AS BIGINT) AS later_visits,
  CAST(SUM(expected) AS BIGINT) AS expected
FROM attributed_pair
GROUP BY grp, attributed_key, family_key, person_key
UNION ALL
SELECT
  grp, attributed_key AS school_key, family_key, person_key, 'active_pairs' AS population,
  COUNT(*) AS pairs,
  CAST(SUM(events) AS BIGINT) AS events,
  CAST(SUM(days) AS BIGINT) AS days,
  CAST(SUM(days1) AS BIGINT) AS day_base,
  CAST(SUM(days2) AS BIGINT) AS days2,
  CAST(SUM(days3) AS BIGINT) AS days3,
  CAST(SUM(days5) AS BIGINT) AS days5,
  CAST(SUM(very_frequent) AS BIGINT) AS very_frequent,
  CAST(SUM(CASE WHEN visits >= 10 THEN empties ELSE 0 END) AS BIGINT) AS empties,
  CAST(SUM(CASE WHEN visits >= 10 THEN visits - 1 ELSE 0 END) AS BIGINT) AS later_visits,
  CAST(SUM(expected) AS BIGINT) AS expected
FROM attributed_pair
WHERE visits > 0
GROUP BY grp, attributed_key, family_key, person_key
