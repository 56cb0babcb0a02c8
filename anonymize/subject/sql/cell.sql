-- answer:
-- reads: contribution
-- grain: one row per group, period, school, measure, population and bin of x
-- columns: grp, period, school_key, measure, population, bin, persons, keys, numerator, denominator,
--   top_x, top_y, sum_xx, sum_xy, sum_yy
-- The cells of one family of measures by school and bin of x: the common aggregation; Go adds the bins up.
-- keys is the sum of the record keys of the units: see package perturb. Squares saturate instead of
-- overflowing. The bins are those of edition.HistogramEdges.
SELECT
  grp, period, school_key, measure, population, bin,
  COUNT(*) AS persons,
  CAST(SUM(MOD(unit_key, 4294967296)) AS BIGINT) AS keys,
  CAST(SUM(x) AS BIGINT) AS numerator,
  CAST(SUM(y) AS BIGINT) AS denominator,
  CAST(MAX(x) AS BIGINT) AS top_x,
  CAST(MAX(y) AS BIGINT) AS top_y,
  CAST(LEAST(SUM(LEAST(x, 3037000499) * LEAST(x, 3037000499)), 9223372036854775807) AS BIGINT) AS sum_xx,
  CAST(LEAST(SUM(LEAST(x, 3037000499) * LEAST(y, 3037000499)), 9223372036854775807) AS BIGINT) AS sum_xy,
  CAST(LEAST(SUM(LEAST(y, 3037000499) * LEAST(y, 3037000499)), 9223372036854775807) AS BIGINT) AS sum_yy
FROM (
  SELECT
    grp, period, school_key, unit_key, measure, population, x, y, CASE
      WHEN x < 1 THEN 0
      WHEN x < 2 THEN 1
      WHEN x < 3 THEN 2
      WHEN x < 5 THEN 3
      WHEN x < 8 THEN 4
      WHEN x < 12 THEN 5
      WHEN x < 18 THEN 6
      WHEN x < 26 THEN 7
      WHEN x < 38 THEN 8
      WHEN x < 54 THEN 9
      WHEN x < 78 THEN 10
      WHEN x < 110 THEN 11
      WHEN x < 158 THEN 12
      WHEN x < 222 THEN 13
      WHEN x < 318 THEN 14
      ELSE 15
    END AS bin
  FROM contribution
) AS c
GROUP BY grp, period, school_key, measure, population, bin
ORDER BY grp, period, school_key, measure, population, bin
