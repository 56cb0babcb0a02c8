-- The records of one slice of persons within the window; a school that nobody
-- knows becomes 0. Parameters: first and last day, first and last person key.
SELECT
  r.person_key, r.ts_ms, r.local_date, r.local_hour, COALESCE(s.school_key, 0) AS school_key,
  r.profile, r.service, r.action, r.device, r.channel, r.child_key, r.object_key,
  r.event_key, r.weight, r.feed, r.delivery
FROM raw_event AS r
LEFT JOIN school AS s ON s.school_key = r.school_key
WHERE r.local_date >= ? AND r.local_date <= ? AND r.person_key >= ? AND r.person_key <= ?
