-- table: window_event, per slice
-- reads: raw_event, school
-- args: start, end, low, high
-- grain: one row per record of the window
-- columns: person_key, ts_ms, local_date, local_hour, school_key, profile, service, action, device, channel,
--   child_key, object_key, event_key, weight, feed, delivery
-- The records of one slice of persons within the window; a school that nobody knows becomes 0.
SELECT
  r.person_key, r.ts_ms, r.local_date, r.local_hour, COALESCE(s.school_key, 0) AS school_key,
  r.profile, r.service, r.action, r.device, r.channel, r.child_key, r.object_key,
  r.event_key, r.weight, r.feed, r.delivery
FROM raw_event AS r
LEFT JOIN school AS s ON s.school_key = r.school_key
WHERE r.local_date >= :start AND r.local_date <= :end AND r.person_key >= :low AND r.person_key <= :high
