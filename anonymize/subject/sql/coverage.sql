-- table: coverage
-- reads: coverage_part
-- grain: one row per school, feed, service and week
-- columns: school_key, feed, service, week_day
-- Coverage of the whole zone: buckets repeat each other.
SELECT DISTINCT school_key, feed, service, week_day
FROM coverage_part
