-- The events of one bucket within the window, each once, whatever the number of
-- deliveries that repeat it. A record with an identifier counts once. Others
-- may rightly be identical within a delivery: as many count as the delivery
-- that has most of them holds (copies). An unknown school becomes 0.
-- Parameters: first and last day of the window, twice.
SELECT
  k.person_key, k.ts_ms, k.local_date, k.local_hour, COALESCE(s.school_key, 0) AS school_key,
  k.profile, k.service, k.action, k.device, k.feed, k.weight, 1 AS copies
FROM (
  SELECT
    person_key, ts_ms, local_date, local_hour, school_key,
    profile, service, action, device, feed, weight,
    ROW_NUMBER() OVER (
      PARTITION BY event_key
      ORDER BY delivery, ts_ms, feed, person_key, service, action, device, school_key, local_date, local_hour, profile, weight
    ) AS occurrence
  FROM raw_event
  WHERE event_key <> 0 AND local_date >= ? AND local_date <= ?
) AS k
LEFT JOIN school AS s ON s.school_key = k.school_key
WHERE k.occurrence = 1
UNION ALL
SELECT
  d.person_key, d.ts_ms, d.local_date, d.local_hour, COALESCE(s.school_key, 0) AS school_key,
  d.profile, d.service, d.action, d.device, d.feed, d.weight, CAST(MAX(d.copies) AS INTEGER) AS copies
FROM (
  SELECT
    person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
    device, channel, child_key, object_key, feed, weight, delivery,
    COUNT(*) AS copies
  FROM raw_event
  WHERE event_key = 0 AND local_date >= ? AND local_date <= ?
  GROUP BY
    person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
    device, channel, child_key, object_key, feed, weight, delivery
) AS d
LEFT JOIN school AS s ON s.school_key = d.school_key
GROUP BY
  d.person_key, d.ts_ms, d.local_date, d.local_hour, s.school_key, d.profile, d.service, d.action,
  d.device, d.channel, d.child_key, d.object_key, d.feed, d.weight
