-- Distinct families of the cells that merge schools: families do not add.
SELECT c.grp, CAST(m.cluster AS BIGINT) AS cluster, c.measure, c.population, COUNT(DISTINCT c.family_key) AS families
FROM contribution AS c
JOIN merged AS m
  ON m.grp = c.grp AND m.measure = c.measure AND m.population = c.population AND m.school_key = c.school_key
WHERE c.period = 0
GROUP BY c.grp, m.cluster, c.measure, c.population
ORDER BY c.grp, cluster, c.measure, c.population
