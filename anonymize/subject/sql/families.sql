-- Distinct families of the cells of one family of measures, by school.
SELECT
  grp,
  CAST(period AS BIGINT) AS period,
  CAST(school_key AS BIGINT) AS school_key,
  measure,
  population,
  COUNT(DISTINCT family_key) AS families
FROM contribution
GROUP BY grp, period, school_key, measure, population
ORDER BY grp, period, school_key, measure, population
