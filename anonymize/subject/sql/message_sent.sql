-- table: message_sent, adds thread range
-- reads: day, messages, school
-- args: start, end, low, high
-- grain: one row per sender and school
-- columns: person_key, school_key, messages, outside, night
-- How many messages did each person of one range of keys send, how many outside 8 h to 18 h of school days,
-- how many from 21 h to 7 h?
SELECT
  m.person_key, m.school_key,
  COUNT(*) AS messages,
  COUNT(CASE WHEN d.school_day = 0 OR m.sent_hour < 8 OR m.sent_hour >= 18 THEN 1 END) AS outside,
  COUNT(CASE WHEN m.sent_hour < 7 OR m.sent_hour >= 21 THEN 1 END) AS night
FROM (
  SELECT DISTINCT sender_key AS person_key, school_key, message_key, sent_date, sent_hour
  FROM messages
  WHERE sent_date >= :start AND sent_date <= :end AND sender_key <> 0 AND sender_key >= :low AND sender_key <= :high
) AS m
JOIN school AS s ON s.school_key = m.school_key
JOIN day AS d ON d.zone = s.zone AND d.local_date = m.sent_date
GROUP BY m.person_key, m.school_key
