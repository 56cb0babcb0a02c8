-- table: repeated_time, per slice
-- reads: window_event
-- grain: one row per person and instant with several records
-- columns: person_key, ts_ms
-- When did a person leave several records without identifier at one instant? Only these can be duplicates.
SELECT person_key, ts_ms
FROM window_event
WHERE event_key = 0
GROUP BY person_key, ts_ms
HAVING COUNT(*) > 1
