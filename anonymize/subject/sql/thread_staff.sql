-- Which staff wrote or received messages in the window, by the school of the
-- message, in one range of thread keys? Parameters: first and last day of the
-- window, first and last key; the same again.
SELECT DISTINCT school_key, sender_key AS person_key
FROM messages
WHERE sender_profile IN (2, 4) AND sender_key <> 0
  AND sent_date >= ? AND sent_date <= ? AND thread_key >= ? AND thread_key <= ?
UNION
SELECT DISTINCT school_key, recipient_key AS person_key
FROM messages
WHERE recipient_profile IN (2, 4) AND recipient_key <> 0
  AND sent_date >= ? AND sent_date <= ? AND thread_key >= ? AND thread_key <= ?
