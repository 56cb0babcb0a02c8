-- table: distinct_event, per slice
-- reads: repeated_key, repeated_time, window_event
-- grain: one row per event, with its copies
-- columns: person_key, ts_ms, local_date, local_hour, school_key, service, action, device, weight, feed,
--   child_key, copies
-- The events of one slice, each once, whatever the number of deliveries that repeat it. A record with an
-- identifier counts once. Others may rightly be identical within a delivery: as many count as the delivery
-- that has most of them holds (copies).
SELECT
  w.person_key, w.ts_ms, w.local_date, w.local_hour, w.school_key,
  w.service, w.action, w.device, w.weight, w.feed, w.child_key, 1 AS copies
FROM window_event AS w
LEFT JOIN repeated_key AS k ON k.event_key = w.event_key
WHERE w.event_key <> 0 AND k.event_key IS NULL
UNION ALL
SELECT
  k.person_key, k.ts_ms, k.local_date, k.local_hour, k.school_key,
  k.service, k.action, k.device, k.weight, k.feed, k.child_key, 1 AS copies
FROM (
  SELECT
    w.*,
    ROW_NUMBER() OVER (
      PARTITION BY w.event_key
      ORDER BY
        w.delivery, w.ts_ms, w.feed, w.person_key, w.service, w.action, w.device, w.school_key,
        w.local_date, w.local_hour, w.profile, w.weight
    ) AS occurrence
  FROM window_event AS w
  JOIN repeated_key AS r ON r.event_key = w.event_key
) AS k
WHERE k.occurrence = 1
UNION ALL
SELECT
  w.person_key, w.ts_ms, w.local_date, w.local_hour, w.school_key,
  w.service, w.action, w.device, w.weight, w.feed, w.child_key, 1 AS copies
FROM window_event AS w
LEFT JOIN repeated_time AS t ON t.person_key = w.person_key AND t.ts_ms = w.ts_ms
WHERE w.event_key = 0 AND t.ts_ms IS NULL
UNION ALL
SELECT
  d.person_key, d.ts_ms, d.local_date, d.local_hour, d.school_key,
  d.service, d.action, d.device, d.weight, d.feed, d.child_key, CAST(MAX(d.copies) AS INTEGER) AS copies
FROM (
  SELECT
    w.person_key, w.ts_ms, w.local_date, w.local_hour, w.school_key, w.profile, w.service, w.action,
    w.device, w.channel, w.child_key, w.object_key, w.feed, w.weight, w.delivery,
    COUNT(*) AS copies
  FROM window_event AS w
  JOIN repeated_time AS r ON r.person_key = w.person_key AND r.ts_ms = w.ts_ms
  WHERE w.event_key = 0
  GROUP BY
    w.person_key, w.ts_ms, w.local_date, w.local_hour, w.school_key, w.profile, w.service, w.action,
    w.device, w.channel, w.child_key, w.object_key, w.feed, w.weight, w.delivery
) AS d
GROUP BY
  d.person_key, d.ts_ms, d.local_date, d.local_hour, d.school_key, d.profile, d.service, d.action,
  d.device, d.channel, d.child_key, d.object_key, d.feed, d.weight
