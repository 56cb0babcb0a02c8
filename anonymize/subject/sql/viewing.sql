-- table: viewing, adds slice
-- reads: event, person
-- args: subject
-- grain: one row per subject and school with a view
-- columns: person_key, school_key, news, grades
-- How often did each subject of one slice view news and blogs, and grades, by the school of the event (0
-- unknown)?
SELECT
  e.person_key, e.school_key,
  CAST(SUM(CASE WHEN e.service IN (:service_news, :service_blog) THEN e.copies ELSE 0 END) AS BIGINT) AS news,
  CAST(SUM(CASE WHEN e.service = :service_grades THEN e.copies ELSE 0 END) AS BIGINT) AS grades
FROM event AS e
JOIN person AS p ON p.person_key = e.person_key
WHERE e.service IN (:service_grades, :service_news, :service_blog) AND e.action <> :action_login_failed AND p.profile = :subject
GROUP BY e.person_key, e.school_key
