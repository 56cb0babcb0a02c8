-- answer:
-- reads: unit
-- grain: one row per group, school and last step
-- columns: grp, school_key, last_step, persons, keys, most
-- The distinct persons of one curve by the step at which the last of their units leaves: until then they are
-- at risk. most is the largest number of units of one person.
SELECT
  grp, school_key, last_step, COUNT(*) AS persons,
  CAST(SUM(MOD(person_key, 4294967296)) AS BIGINT) AS keys,
  CAST(MAX(units) AS BIGINT) AS most
FROM (
  SELECT grp, school_key, person_key, MAX(step) AS last_step, SUM(units) AS units
  FROM unit
  GROUP BY grp, school_key, person_key
) AS p
GROUP BY grp, school_key, last_step
ORDER BY grp, school_key, last_step
