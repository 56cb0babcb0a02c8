-- answer:
-- reads: staffed_school, thread
-- grain: one row for the study
-- columns: schools, few
-- In how many schools did subjects begin threads, and in how many of them do few members of staff exchange
-- messages?
SELECT COUNT(*) AS schools, COUNT(CASE WHEN f.school_key IS NULL THEN 1 END) AS few
FROM (SELECT DISTINCT school_key FROM thread) AS t
LEFT JOIN staffed_school AS f ON f.school_key = t.school_key
