-- answer:
-- reads: week_sum
-- grain: one row per level, school, week, profile and service
-- columns: level, school_key, week_day, profile, service, visits, persons, keys, most
-- The school-week cells of all buckets together.
SELECT level, school_key, week_day, profile, service, visits, persons, keys, most
FROM week_sum
ORDER BY level, school_key, week_day, profile, service
