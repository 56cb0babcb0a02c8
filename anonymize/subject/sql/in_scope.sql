-- The subjects in scope, with the schools they are attributed to in one
-- grouping. Parameters: the grouping, the subject's profile.
SELECT a.person_key, a.school_key, p.family_key
FROM attribution AS a
JOIN person AS p ON p.person_key = a.person_key
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
WHERE a.grouping = ? AND p.profile = ? AND b.covered_weeks > 0
