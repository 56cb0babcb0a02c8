-- table: coverage
-- reads: coverage_part
-- grain: one row per school, feed, service and week
-- columns: school_key, feed, service, week_day, known, persons, any_service
-- Coverage of the whole zone: a person stands in one slice.
SELECT
  school_key, feed, service, week_day,
  CAST(SUM(known) AS BIGINT) AS known,
  CAST(SUM(persons) AS BIGINT) AS persons,
  CAST(SUM(any_service) AS BIGINT) AS any_service
FROM coverage_part
GROUP BY school_key, feed, service, week_day
