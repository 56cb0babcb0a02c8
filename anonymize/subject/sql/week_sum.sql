-- table: week_sum
-- reads: week_part
-- grain: one row per level, school, week, profile and service
-- columns: level, school_key, week_day, profile, service, visits, persons, keys, most
-- The school-week cells of several slices, added up.
SELECT
  level, school_key, week_day, profile, service,
  CAST(SUM(visits) AS BIGINT) AS visits,
  CAST(SUM(persons) AS BIGINT) AS persons,
  CAST(SUM(keys) AS BIGINT) AS keys,
  MAX(most) AS most
FROM week_part
GROUP BY level, school_key, week_day, profile, service
