-- answer:
-- reads: people, record
-- args: start, end
-- grain: one row per person of the bucket with a record in the window
-- columns: release_key, records, times, kinds
-- What is known of each person's activity? Of what several deliveries hold, one counts.
SELECT
  p.release_key,
  COUNT(*) AS records,
  CAST(SUM(r.ts_ms) AS BIGINT) AS times,
  CAST(SUM(CAST(r.service AS BIGINT) * 4096 + CAST(r.action AS BIGINT) * 64 + r.device) AS BIGINT) AS kinds
FROM (
  SELECT DISTINCT person_key, ts_ms, school_key, service, action, device, channel, child_key, object_key, event_key
  FROM record
  WHERE local_date BETWEEN :start AND :end
) AS r
JOIN people AS p ON p.person_key = r.person_key
GROUP BY p.release_key
ORDER BY p.release_key
