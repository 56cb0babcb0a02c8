-- N1 to N5: how are grades checked? A person brings the sum over their pairs in the group.
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N1.views_per_day' AS measure, population,
  CAST(SUM(events) AS BIGINT) AS x, CAST(SUM(days) AS BIGINT) AS y
FROM counted_pair
GROUP BY grp, attributed_key, family_key, person_key, population
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.two_a_day' AS measure, population,
  CAST(SUM(days2) AS BIGINT) AS x, CAST(SUM(day_base) AS BIGINT) AS y
FROM counted_pair
GROUP BY grp, attributed_key, family_key, person_key, population
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.three_a_day' AS measure, population,
  CAST(SUM(days3) AS BIGINT) AS x, CAST(SUM(day_base) AS BIGINT) AS y
FROM counted_pair
GROUP BY grp, attributed_key, family_key, person_key, population
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.five_a_day' AS measure, population,
  CAST(SUM(days5) AS BIGINT) AS x, CAST(SUM(day_base) AS BIGINT) AS y
FROM counted_pair
GROUP BY grp, attributed_key, family_key, person_key, population
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N3.empty' AS measure, population,
  CAST(SUM(empties) AS BIGINT) AS x, CAST(SUM(visits - 1) AS BIGINT) AS y
FROM counted_pair
WHERE population = 'active_pairs' AND visits >= 10
GROUP BY grp, attributed_key, family_key, person_key, population
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N5.very_frequent' AS measure, population,
  CAST(SUM(very_frequent) AS BIGINT) AS x, CAST(SUM(1) AS BIGINT) AS y
FROM counted_pair
GROUP BY grp, attributed_key, family_key, person_key, population
