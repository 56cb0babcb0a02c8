-- N1 to N5: how are grades checked? A person brings the sum over their pairs in the group.
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N1.views_per_day' AS measure, population,
  events AS x, days AS y
FROM counted_person
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.two_a_day' AS measure, population,
  days2 AS x, day_base AS y
FROM counted_person
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.three_a_day' AS measure, population,
  days3 AS x, day_base AS y
FROM counted_person
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.five_a_day' AS measure, population,
  days5 AS x, day_base AS y
FROM counted_person
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N3.empty' AS measure, population,
  empties AS x, later_visits AS y
FROM counted_person
WHERE population = 'active_pairs' AND later_visits > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N3.expected' AS measure, population,
  expected AS x, 100 * later_visits AS y
FROM counted_person
WHERE population = 'active_pairs' AND later_visits > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N5.very_frequent' AS measure, population,
  very_frequent AS x, pairs AS y
FROM counted_person
