-- How often did each person of one slice look at homework in each of their schools,
-- and for which child, if the record says so (0 if not)? Handing work in (action 7)
-- is not looking.
SELECT e.person_key, m.school_key, e.child_key, CAST(SUM(e.copies) AS BIGINT) AS views
FROM event AS e
JOIN member AS m ON m.person_key = e.person_key AND (m.school_key = e.school_key OR e.school_key = 0)
WHERE e.service = 9 AND e.action NOT IN (3, 7)
GROUP BY e.person_key, m.school_key, e.child_key
