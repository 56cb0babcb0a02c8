-- table: opening, adds slice
-- reads: event, person
-- args: subject
-- grain: one row per subject, school and day with an opening
-- columns: person_key, school_key, local_date, first_ms, last_ms
-- On which days did each subject of one slice open a report book, and when first that day?
SELECT e.person_key, e.school_key, e.local_date, MIN(e.ts_ms) AS first_ms, MAX(e.ts_ms) AS last_ms
FROM event AS e
JOIN person AS p ON p.person_key = e.person_key
WHERE e.service = :service_report_book AND e.action <> :action_login_failed AND p.profile = :subject
GROUP BY e.person_key, e.school_key, e.local_date
