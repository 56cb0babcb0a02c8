-- What a bucket holds: records in the window, records outside it, events left
-- after deduplication, accounts that no directory knows and their records.
-- Parameters: first and last day of the window, three times.
SELECT
  COUNT(CASE WHEN r.local_date >= ? AND r.local_date <= ? THEN 1 END) AS records,
  COUNT(CASE WHEN r.local_date < ? OR r.local_date > ? THEN 1 END) AS outside,
  COUNT(DISTINCT CASE WHEN p.person_key IS NULL THEN r.person_key END) AS strangers,
  COUNT(CASE WHEN p.person_key IS NULL AND r.local_date >= ? AND r.local_date <= ? THEN 1 END) AS stranger_records
FROM raw_event AS r
LEFT JOIN people AS p ON p.person_key = r.person_key
