-- answer:
-- reads: unit
-- grain: one row per group, school and last step
-- columns: grp, school_key, last_step, persons
-- The distinct persons of one curve by the step at which the last of their units leaves: until then they are
-- at risk.
SELECT grp, school_key, last_step, COUNT(*) AS persons
FROM (
  SELECT grp, school_key, person_key, MAX(step) AS last_step
  FROM unit
  GROUP BY grp, school_key, person_key
) AS p
GROUP BY grp, school_key, last_step
ORDER BY grp, school_key, last_step
