-- answer:
-- reads: capped_unit
-- grain: one row per group, school and last step
-- columns: grp, school_key, last_step, persons, keys
-- The distinct persons of one curve by the step at which the last of their units leaves: until then they are
-- at risk.
SELECT
  grp, school_key, last_step, COUNT(*) AS persons,
  CAST(SUM(MOD(person_key, 4294967296)) AS BIGINT) AS keys
FROM (
  SELECT grp, school_key, person_key, MAX(step) AS last_step
  FROM capped_unit
  GROUP BY grp, school_key, person_key
) AS p
GROUP BY grp, school_key, last_step
ORDER BY grp, school_key, last_step
