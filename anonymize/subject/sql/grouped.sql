-- table: grouped, per grouping
-- reads: attribution, period
-- args: grouping, every_period
-- grain: one row per group, period and person
-- columns: person_key, grp, school_key, mask, period
-- In which groups of one grouping is each person, with which school and scope?
SELECT a.person_key, a.grp, a.school_key, a.mask, p.period
FROM attribution AS a
CROSS JOIN period AS p
WHERE a."grouping" = :grouping AND (p.period = 0 OR :every_period = 1)
