-- answer:
-- reads: capped_unit
-- grain: one row per group, school, step and event
-- columns: grp, school_key, step, event, units, keys, persons, person_keys
-- The units of one curve that leave at each step, with or without their event, by group and school, and the distinct
-- persons of whom the last unit does: until then they are at risk.
SELECT
  grp, school_key, step, event,
  CAST(SUM(units) AS BIGINT) AS units,
  CAST(SUM(units * MOD(person_key, 4294967296)) AS BIGINT) AS keys,
  CAST(SUM(last_unit) AS BIGINT) AS persons,
  CAST(SUM(last_unit * MOD(person_key, 4294967296)) AS BIGINT) AS person_keys
FROM capped_unit
GROUP BY grp, school_key, step, event
ORDER BY grp, school_key, step, event
