-- answer:
-- reads: attribution, behaviour
-- grain: one row per school with a subject
-- columns: school_key, persons
-- The primary schools of the subjects in scope, and how many have theirs there.
SELECT a.school_key, COUNT(*) AS persons
FROM attribution AS a
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
WHERE a."grouping" = 'all' AND b.covered_weeks > 0
GROUP BY a.school_key
ORDER BY school_key
