-- answer:
-- reads: messages, people
-- args: end
-- grain: one row per thread
-- columns: messages, replies, copies, sent_ms, who
-- Which messages make a thread? who and sent_ms tell apart, as sums, what the salted keys may not.
SELECT
  COUNT(DISTINCT m.message_key) AS messages,
  COUNT(CASE WHEN m.message_key <> m.thread_key THEN 1 END) AS replies,
  COUNT(*) AS copies,
  CAST(SUM(MOD(m.sent_ms, 1000000007)) AS BIGINT) AS sent_ms,
  CAST(SUM(MOD(COALESCE(p.release_key, 0), 1000003) * MOD(m.sent_ms, 1000003)) AS BIGINT) AS who
FROM messages AS m
LEFT JOIN people AS p ON p.person_key = m.recipient_key
WHERE m.sent_date <= :end
GROUP BY m.thread_key
