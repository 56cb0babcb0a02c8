-- answer:
-- reads: people, record
-- args: start, end
-- grain: one row per school, feed, service and week of the bucket, known: of somebody whom the directory knows
-- columns: school_key, feed, service, week_day, known
-- In which weeks did a feed report for the schools that its records name?
SELECT DISTINCT
  CAST(r.school_key AS BIGINT) AS school_key,
  CAST(r.feed AS BIGINT) AS feed,
  CAST(r.service AS BIGINT) AS service,
  CAST(r.local_date - MOD(r.local_date + 3, 7) AS BIGINT) AS week_day,
  CAST(CASE WHEN p.person_key IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS known
FROM record AS r
LEFT JOIN people AS p ON p.person_key = r.person_key
WHERE r.local_date BETWEEN :start AND :end
