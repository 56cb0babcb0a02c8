-- answer:
-- reads: contribution
-- args: first_measure, last_measure
-- grain: one row per group, period, school, measure and population
-- columns: grp, period, school_key, measure, population, families, keys
-- Distinct families of the cells of one measure or of two, by school and period. Two steps instead of a
-- distinct count, which the engine cannot move to disk.
SELECT
  grp, period, school_key, measure, population, COUNT(*) AS families,
  CAST(SUM(MOD(family_key, 4294967296)) AS BIGINT) AS keys
FROM (
  SELECT grp, period, school_key, measure, population, family_key
  FROM contribution
  WHERE measure = :first_measure OR measure = :last_measure
  GROUP BY grp, period, school_key, measure, population, family_key
) AS f
GROUP BY grp, period, school_key, measure, population
ORDER BY grp, period, school_key, measure, population
