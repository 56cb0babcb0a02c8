-- table: slice_thread, per thread range
-- reads: messages
-- args: end, low, high
-- grain: one row per message of a thread
-- columns: thread_key, message_key, sender_key, sender_profile, school_key, sent_ms, sent_date, sent_hour,
--   staff, pupil
-- The messages, each once, of the threads of one range of thread keys, up to the end of the window: staff is
-- 1 when a member of staff received it, pupil when a pupil did.
SELECT
  thread_key, message_key,
  MIN(sender_key) AS sender_key,
  MIN(sender_profile) AS sender_profile,
  MIN(school_key) AS school_key,
  MIN(sent_ms) AS sent_ms,
  MIN(sent_date) AS sent_date,
  MIN(sent_hour) AS sent_hour,
  MAX(CASE WHEN recipient_profile IN (:profile_teacher, :profile_admin) THEN 1 ELSE 0 END) AS staff,
  MAX(CASE WHEN recipient_profile = :profile_pupil THEN 1 ELSE 0 END) AS pupil
FROM messages
WHERE sent_date <= :end AND thread_key >= :low AND thread_key <= :high
GROUP BY thread_key, message_key
