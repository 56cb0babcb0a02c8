-- view: unit, per grouping
-- reads: readiness
-- grain: one row per account and deadline
-- columns: grp, school_key, person_key, step, event, units
-- R1.readiness: days from 60 days before a declared deadline to the first visit of the activated account, or
-- to the deadline.
SELECT grp, school_key, person_key, step, event, 1 AS units
FROM readiness
WHERE seen0 = 1
