-- The messages of the window that the subjects of one slice received. late_ms is
-- the local time from the sending to the end of the window. Parameters: last day of
-- the window, first day, last day, the subject's profile, first and last person key.
SELECT
  m.recipient_key AS person_key,
  m.school_key,
  m.message_key,
  m.recipients,
  m.sent_ms,
  m.opened_ms,
  m.bytes,
  m.attached,
  m.deadline_ms,
  (? + 1 - m.sent_date) * CAST(86400000 AS BIGINT) - m.sent_hour * 3600000 - MOD(m.sent_ms, 3600000) AS late_ms
FROM messages AS m
WHERE m.sent_date >= ? AND m.sent_date <= ? AND m.recipient_profile = ? AND m.recipient_key <> 0
  AND m.recipient_key >= ? AND m.recipient_key <= ?
