-- How many messages did each person of one range of keys send, how many outside
-- 8 h to 18 h of school days, how many from 21 h to 7 h? Parameters: first and last
-- day of the window, first and last person key.
SELECT
  m.person_key,
  m.school_key,
  COUNT(*) AS messages,
  COUNT(CASE WHEN d.school_day = 0 OR m.sent_hour < 8 OR m.sent_hour >= 18 THEN 1 END) AS outside,
  COUNT(CASE WHEN m.sent_hour < 7 OR m.sent_hour >= 21 THEN 1 END) AS night
FROM (
  SELECT DISTINCT sender_key AS person_key, school_key, message_key, sent_date, sent_hour
  FROM messages
  WHERE sent_date >= ? AND sent_date <= ? AND sender_key <> 0 AND sender_key >= ? AND sender_key <= ?
) AS m
JOIN school AS s ON s.school_key = m.school_key
JOIN day AS d ON d.zone = s.zone AND d.local_date = m.sent_date
GROUP BY m.person_key, m.school_key
