-- answer:
-- reads: week_sum
-- grain: one row per level, school, week, profile and service
-- columns: level, school_key, week_day, profile, service, visits, persons
-- The school-week cells of all buckets together.
SELECT
  level, CAST(school_key AS BIGINT) AS school_key, CAST(week_day AS BIGINT) AS week_day,
  CAST(profile AS BIGINT) AS profile, CAST(service AS BIGINT) AS service, visits, persons
FROM week_sum
ORDER BY level, school_key, week_day, profile, service
