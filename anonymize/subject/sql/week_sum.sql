-- table: week_sum
-- reads: week_part
-- grain: one row per level, school, week, profile and service
-- columns: level, school_key, week_day, profile, service, visits, persons
-- The school-week cells of several slices, added up.
SELECT
  level, school_key, week_day, profile, service,
  CAST(SUM(visits) AS BIGINT) AS visits,
  CAST(SUM(persons) AS BIGINT) AS persons
FROM week_part
GROUP BY level, school_key, week_day, profile, service
