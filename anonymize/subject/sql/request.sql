-- table: request, adds slice
-- reads: slice_message
-- grain: one row per request received
-- columns: person_key, school_key, opened, waited_ms
-- The requests (messages with a deadline in the window) that the subjects of one slice received, and whose
-- opening is known: time to the opening, or to the end of the window.
SELECT
  person_key, school_key,
  CASE WHEN opened_ms >= sent_ms AND opened_ms - sent_ms <= late_ms THEN 1 ELSE 0 END AS opened,
  CASE WHEN opened_ms >= sent_ms AND opened_ms - sent_ms <= late_ms THEN opened_ms - sent_ms ELSE late_ms END AS waited_ms
FROM slice_message
WHERE opened_ms >= 0 AND deadline_ms >= sent_ms AND deadline_ms - sent_ms <= late_ms
