-- table: coverage
-- reads: coverage_part
-- grain: one row per school, feed, service, week and known
-- columns: school_key, feed, service, week_day, known
-- Coverage of the whole zone: buckets repeat each other.
SELECT DISTINCT school_key, feed, service, week_day, known
FROM coverage_part
