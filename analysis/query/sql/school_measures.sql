-- answer:
-- reads: school_measures
-- grain: one row per school, period, measure and population
-- columns: uai, name, level, ips_band, ep, period, measure, population, persons, families, numerator, denominator,
--   sum_xx, sum_yy
-- What did the persons of each school bring to each measure?
SELECT
  uai, name, level, ips_band, ep, period, measure, population, persons, families, numerator, denominator,
  sum_xx, sum_yy
FROM school_measures
ORDER BY uai, period, measure, population
