-- Distinct families of the cells of one measure in one period, by school. Two
-- steps instead of a distinct count, which the engine cannot move to disk.
-- Parameters: the measure, the period.
SELECT grp, CAST(school_key AS BIGINT) AS school_key, population, COUNT(*) AS families
FROM (
  SELECT grp, school_key, population, family_key
  FROM contribution
  WHERE measure = ? AND period = ?
  GROUP BY grp, school_key, population, family_key
) AS f
GROUP BY grp, school_key, population
ORDER BY grp, school_key, population
