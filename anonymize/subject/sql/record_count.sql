-- answer:
-- reads: people, raw_event
-- args: start, end, low, high
-- grain: one row for the slice
-- columns: records, outside, strangers, stranger_records
-- What a slice holds: records within the window and outside it, accounts that no directory knows and their
-- records.
SELECT
  CAST(COALESCE(SUM(r.inside), 0) AS BIGINT) AS records,
  CAST(COALESCE(SUM(r.records - r.inside), 0) AS BIGINT) AS outside,
  COUNT(CASE WHEN p.person_key IS NULL THEN 1 END) AS strangers,
  CAST(COALESCE(SUM(CASE WHEN p.person_key IS NULL THEN r.inside ELSE 0 END), 0) AS BIGINT) AS stranger_records
FROM (
  SELECT
    person_key,
    COUNT(*) AS records,
    COUNT(CASE WHEN local_date >= :start AND local_date <= :end THEN 1 END) AS inside
  FROM raw_event
  WHERE person_key >= :low AND person_key <= :high
  GROUP BY person_key
) AS r
LEFT JOIN people AS p ON p.person_key = r.person_key
