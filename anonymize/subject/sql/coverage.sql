-- Coverage of the whole zone: buckets repeat each other.
SELECT DISTINCT school_key, feed, service, week_day
FROM coverage_part
