-- answer:
-- reads: capped_unit
-- grain: one row per group, school, step and event
-- columns: grp, school_key, step, event, units, keys
-- The units of one curve that leave at each step, with or without their event, by group and school.
SELECT
  grp, school_key, step, event,
  CAST(SUM(units) AS BIGINT) AS units,
  CAST(SUM(units * MOD(person_key, 4294967296)) AS BIGINT) AS keys
FROM capped_unit
GROUP BY grp, school_key, step, event
ORDER BY grp, school_key, step, event
