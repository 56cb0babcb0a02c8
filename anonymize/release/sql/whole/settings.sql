-- answer:
-- reads: settings
-- args: end
-- grain: one row per setting that began by the end of the window
-- columns: school_key, setting, value, from_day, to_day
-- What had each school set?
SELECT
  CAST(school_key AS BIGINT) AS school_key, CAST(setting AS BIGINT) AS setting, CAST(value AS BIGINT) AS value,
  CAST(from_day AS BIGINT) AS from_day, CAST(CASE WHEN to_day > :end THEN -1 ELSE to_day END AS BIGINT) AS to_day
FROM settings
WHERE from_day <= :end
