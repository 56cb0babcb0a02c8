-- table: in_scope
-- reads: attribution, behaviour, person
-- args: grouping, subject
-- grain: one row per subject in scope and school of attribution
-- columns: person_key, school_key, family_key
-- The subjects in scope, with the schools they are attributed to in one grouping.
SELECT a.person_key, a.school_key, p.family_key
FROM attribution AS a
JOIN person AS p ON p.person_key = a.person_key
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
WHERE a."grouping" = :grouping AND p.profile = :subject AND b.covered_weeks > 0
