-- table: grouped, per grouping
-- reads: attribution, period
-- grain: one row per month and person
-- columns: person_key, grp, school_key, mask, period
-- The grouping "month": every person is in every month, with all their schools.
SELECT a.person_key, p.name AS grp, a.school_key, a.mask, p.period
FROM attribution AS a
CROSS JOIN period AS p
WHERE a."grouping" = 'all' AND p.period > 0
