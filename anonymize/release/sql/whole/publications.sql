-- answer:
-- reads: publications
-- args: end
-- grain: one row per publication of grades
-- columns: school_key, class_key, ts_ms, local_date, assessed_day, returned_day
-- When were grades published to which class?
SELECT
  CAST(school_key AS BIGINT) AS school_key, class_key, ts_ms, CAST(local_date AS BIGINT) AS local_date,
  CAST(assessed_day AS BIGINT) AS assessed_day, CAST(returned_day AS BIGINT) AS returned_day
FROM publications
WHERE local_date <= :end
