-- answer:
-- reads: contents
-- args: end
-- grain: one row per item
-- columns: school_key, class_key, ts_ms, local_date, kind, media
-- What was published to which class or school?
SELECT
  CAST(school_key AS BIGINT) AS school_key, class_key, ts_ms, CAST(local_date AS BIGINT) AS local_date,
  CAST(kind AS BIGINT) AS kind, CAST(media AS BIGINT) AS media
FROM contents
WHERE local_date <= :end
