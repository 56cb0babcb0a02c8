-- view: ranked, per grouping
-- reads: attribution, batch, behaviour, person
-- grain: one row per grouping, group and account
-- columns: grp, school_key, family_key, person_key, visits
-- The accounts that F5 ranks, in each group of several groupings: a rank is among everybody, whatever their
-- family.
SELECT a."grouping" || ' ' || a.grp AS grp, a.school_key, p.family_key, a.person_key, v.visits
FROM attribution AS a
JOIN batch AS b ON b."grouping" = a."grouping"
JOIN person AS p ON p.person_key = a.person_key
JOIN behaviour AS v ON v.person_key = a.person_key AND v.mask = a.mask
WHERE v.covered_weeks > 0
