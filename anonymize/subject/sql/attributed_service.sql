-- table: attributed_service, per grouping
-- reads: account, offer, service_visit
-- grain: one row per group, active account and service that a feed of its school carries
-- columns: grp, school_key, family_key, person_key, name, visits, opened
-- C3 and C4: in how many of the visits of an account is each service opened?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  CASE f.service
    WHEN :service_grades THEN 'grades'
    WHEN :service_absences THEN 'absences'
    WHEN :service_school_life THEN 'school_life'
    WHEN :service_timetable THEN 'timetable'
    WHEN :service_homework THEN 'homework'
    WHEN :service_messages THEN 'messages'
    WHEN :service_news THEN 'news'
    WHEN :service_blog THEN 'blog'
    ELSE 'report_book'
  END AS name,
  a.visits, COALESCE(v.visits, 0) AS opened
FROM account AS a
JOIN offer AS f ON f.school_key = a.school_key AND f.service IN (
  :service_grades, :service_absences, :service_school_life, :service_timetable, :service_homework,
  :service_messages, :service_news, :service_blog, :service_report_book
)
LEFT JOIN service_visit AS v ON v.person_key = a.person_key AND v.mask = a.mask AND v.service = f.service
WHERE a.population = 'active_accounts' AND a.period = 0
