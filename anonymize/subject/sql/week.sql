-- The school-week cells of all buckets together.
SELECT
  level,
  CAST(school_key AS BIGINT) AS school_key,
  CAST(week_day AS BIGINT) AS week_day,
  CAST(profile AS BIGINT) AS profile,
  CAST(service AS BIGINT) AS service,
  CAST(SUM(visits) AS BIGINT) AS visits,
  CAST(SUM(persons) AS BIGINT) AS persons
FROM week_part
GROUP BY level, school_key, week_day, profile, service
ORDER BY level, school_key, week_day, profile, service
