-- answer:
-- reads: contribution, merged
-- grain: one row per group, cluster, measure and population
-- columns: grp, cluster, measure, population, families, keys
-- Distinct families of the cells that merge schools: families do not add.
SELECT
  grp, cluster, measure, population, COUNT(*) AS families,
  CAST(SUM(MOD(family_key, 4294967296)) AS BIGINT) AS keys
FROM (
  SELECT c.grp, m.cluster, c.measure, c.population, c.family_key
  FROM contribution AS c
  JOIN merged AS m
    ON m.grp = c.grp AND m.measure = c.measure AND m.population = c.population AND m.school_key = c.school_key
  GROUP BY c.grp, m.cluster, c.measure, c.population, c.family_key
) AS f
GROUP BY grp, cluster, measure, population
ORDER BY grp, cluster, measure, population
