-- table: thread_staff, adds thread range
-- reads: messages
-- args: start, end, low, high
-- grain: one row per member of staff and school, by range
-- columns: school_key, person_key
-- Which staff wrote or received messages in the window, by the school of the message, in one range of thread
-- keys?
SELECT DISTINCT school_key, sender_key AS person_key
FROM messages
WHERE sender_profile IN (:profile_teacher, :profile_admin) AND sender_key <> 0
  AND sent_date >= :start AND sent_date <= :end AND thread_key >= :low AND thread_key <= :high
UNION
SELECT DISTINCT school_key, recipient_key AS person_key
FROM messages
WHERE recipient_profile IN (:profile_teacher, :profile_admin) AND recipient_key <> 0
  AND sent_date >= :start AND sent_date <= :end AND thread_key >= :low AND thread_key <= :high
