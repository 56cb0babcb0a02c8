-- table: repeated_key, per slice
-- reads: window_event
-- grain: one row per record identifier that occurs more than once
-- columns: event_key
-- Which record identifiers occur more than once?
SELECT event_key
FROM window_event
WHERE event_key <> 0
GROUP BY event_key
HAVING COUNT(*) > 1
