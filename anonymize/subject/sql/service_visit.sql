-- table: service_visit, adds slice
-- reads: session
-- grain: one row per scope and service with such a visit
-- columns: person_key, mask, service, visits
-- In how many visits of each scope of one slice is each service opened? Of the services that C3, C4, C5 and C9
-- ask for.
SELECT person_key, mask, service, COUNT(DISTINCT visit) AS visits
FROM session
WHERE service IN (
  :service_grades, :service_absences, :service_school_life, :service_timetable, :service_homework,
  :service_messages, :service_news, :service_blog, :service_report_book, :service_resources,
  :service_accessibility
)
GROUP BY person_key, mask, service
