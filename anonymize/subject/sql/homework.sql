-- table: homework, adds slice
-- reads: event, member
-- grain: one row per person, school and child with a view
-- columns: person_key, school_key, child_key, views
-- How often did each person of one slice look at homework in each of their schools, and for which child, if
-- the record says so (0 if not)? Handing work in (action 7) is not looking.
SELECT e.person_key, m.school_key, e.child_key, CAST(SUM(e.copies) AS BIGINT) AS views
FROM event AS e
JOIN member AS m ON m.person_key = e.person_key AND (m.school_key = e.school_key OR e.school_key = 0)
WHERE e.service = :service_homework AND e.action NOT IN (:action_login_failed, :action_submit)
GROUP BY e.person_key, m.school_key, e.child_key
