-- The school-week cells of several slices, added up.
SELECT
  level, school_key, week_day, profile, service,
  CAST(SUM(visits) AS BIGINT) AS visits,
  CAST(SUM(persons) AS BIGINT) AS persons
FROM week_part
GROUP BY level, school_key, week_day, profile, service
