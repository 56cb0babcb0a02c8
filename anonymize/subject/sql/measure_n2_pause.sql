-- N2 with another pause: how much do days with several grade visits depend on it?
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.two_a_day.pause15' AS measure, population,
  days2 AS x, day_base AS y
FROM counted_pause
WHERE pause = 15
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.three_a_day.pause15' AS measure, population,
  days3 AS x, day_base AS y
FROM counted_pause
WHERE pause = 15
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.five_a_day.pause15' AS measure, population,
  days5 AS x, day_base AS y
FROM counted_pause
WHERE pause = 15
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.two_a_day.pause60' AS measure, population,
  days2 AS x, day_base AS y
FROM counted_pause
WHERE pause = 60
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.three_a_day.pause60' AS measure, population,
  days3 AS x, day_base AS y
FROM counted_pause
WHERE pause = 60
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N2.five_a_day.pause60' AS measure, population,
  days5 AS x, day_base AS y
FROM counted_pause
WHERE pause = 60
