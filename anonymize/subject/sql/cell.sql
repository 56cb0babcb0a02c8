-- The cells of one family of measures by school: the common aggregation. Squares
-- saturate instead of overflowing. Histogram edges are edition.HistogramEdges.
SELECT
  grp, CAST(period AS BIGINT) AS period, CAST(school_key AS BIGINT) AS school_key, measure, population,
  COUNT(*) AS persons,
  COUNT(DISTINCT family_key) AS families,
  CAST(SUM(x) AS BIGINT) AS numerator,
  CAST(SUM(y) AS BIGINT) AS denominator,
  CAST(LEAST(SUM(LEAST(x, 3037000499) * LEAST(x, 3037000499)), 9223372036854775807) AS BIGINT) AS sum_xx,
  CAST(LEAST(SUM(LEAST(x, 3037000499) * LEAST(y, 3037000499)), 9223372036854775807) AS BIGINT) AS sum_xy,
  CAST(LEAST(SUM(LEAST(y, 3037000499) * LEAST(y, 3037000499)), 9223372036854775807) AS BIGINT) AS sum_yy,
  COUNT(CASE WHEN x < 1 THEN 1 END) AS h00,
  COUNT(CASE WHEN x >= 1 AND x < 2 THEN 1 END) AS h01,
  COUNT(CASE WHEN x >= 2 AND x < 3 THEN 1 END) AS h02,
  COUNT(CASE WHEN x >= 3 AND x < 5 THEN 1 END) AS h03,
  COUNT(CASE WHEN x >= 5 AND x < 8 THEN 1 END) AS h04,
  COUNT(CASE WHEN x >= 8 AND x < 12 THEN 1 END) AS h05,
  COUNT(CASE WHEN x >= 12 AND x < 18 THEN 1 END) AS h06,
  COUNT(CASE WHEN x >= 18 AND x < 26 THEN 1 END) AS h07,
  COUNT(CASE WHEN x >= 26 AND x < 38 THEN 1 END) AS h08,
  COUNT(CASE WHEN x >= 38 AND x < 54 THEN 1 END) AS h09,
  COUNT(CASE WHEN x >= 54 AND x < 78 THEN 1 END) AS h10,
  COUNT(CASE WHEN x >= 78 AND x < 110 THEN 1 END) AS h11,
  COUNT(CASE WHEN x >= 110 AND x < 158 THEN 1 END) AS h12,
  COUNT(CASE WHEN x >= 158 AND x < 222 THEN 1 END) AS h13,
  COUNT(CASE WHEN x >= 222 AND x < 318 THEN 1 END) AS h14,
  COUNT(CASE WHEN x >= 318 THEN 1 END) AS h15
FROM contribution
GROUP BY grp, period, school_key, measure, population
ORDER BY grp, period, school_key, measure, population
