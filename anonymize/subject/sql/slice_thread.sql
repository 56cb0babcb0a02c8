-- The messages, each once, of the threads of one range of thread keys, up to the
-- end of the window: staff is 1 when a member of staff received it, pupil when a
-- pupil did. Parameters: the pupil's profile, last day of the window, first and last key.
SELECT
  thread_key,
  message_key,
  MIN(sender_key) AS sender_key,
  MIN(sender_profile) AS sender_profile,
  MIN(school_key) AS school_key,
  MIN(sent_ms) AS sent_ms,
  MIN(sent_date) AS sent_date,
  MIN(sent_hour) AS sent_hour,
  MAX(CASE WHEN recipient_profile IN (2, 4) THEN 1 ELSE 0 END) AS staff,
  MAX(CASE WHEN recipient_profile = ? THEN 1 ELSE 0 END) AS pupil
FROM messages
WHERE sent_date <= ? AND thread_key >= ? AND thread_key <= ?
GROUP BY thread_key, message_key
