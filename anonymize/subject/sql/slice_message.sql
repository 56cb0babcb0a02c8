-- table: slice_message, per slice
-- reads: messages
-- args: end, start, subject, low, high
-- grain: one row per subject and message received
-- columns: person_key, school_key, message_key, recipients, sent_ms, opened_ms, bytes, attached, deadline_ms,
--   late_ms
-- The messages of the window that the subjects of one slice received. late_ms is the local time from the
-- sending to the end of the window.
SELECT
  m.recipient_key AS person_key, m.school_key, m.message_key, m.recipients, m.sent_ms, m.opened_ms, m.bytes,
  m.attached, m.deadline_ms,
  (:end + 1 - m.sent_date) * CAST(86400000 AS BIGINT) - m.sent_hour * 3600000 - MOD(m.sent_ms, 3600000) AS late_ms
FROM messages AS m
WHERE m.sent_date >= :start AND m.sent_date <= :end AND m.recipient_profile = :subject AND m.recipient_key <> 0
  AND m.recipient_key >= :low AND m.recipient_key <= :high
