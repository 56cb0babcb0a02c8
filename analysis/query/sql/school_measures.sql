-- What did the persons of each school bring to each measure?
SELECT
  uai, name, level, ips_band, ep, period, measure, population, persons, families, numerator, denominator,
  sum_xx, sum_yy
FROM school_measures
ORDER BY uai, period, measure, population
