-- answer:
-- reads: report_books
-- args: end
-- grain: one row per report book
-- columns: school_key, grade_level, ts_ms, local_date
-- When did the report books of which grade level appear?
SELECT CAST(school_key AS BIGINT) AS school_key, grade_level, ts_ms, CAST(local_date AS BIGINT) AS local_date
FROM report_books
WHERE local_date <= :end
