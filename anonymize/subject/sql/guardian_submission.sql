-- table: guardian_submission
-- reads: attribution, links, submission
-- grain: one row per child of guardians with one child
-- columns: child_key, submissions
-- How much work was handed in for each child from the accounts of guardians who have no other child?
SELECT l.child_key, CAST(SUM(s.submissions) AS BIGINT) AS submissions
FROM (SELECT guardian_key, MIN(child_key) AS child_key FROM links GROUP BY guardian_key HAVING COUNT(DISTINCT child_key) = 1) AS l
JOIN attribution AS a ON a.person_key = l.guardian_key AND a."grouping" = 'all'
JOIN submission AS s ON s.person_key = l.guardian_key AND s.mask = a.mask
GROUP BY l.child_key
