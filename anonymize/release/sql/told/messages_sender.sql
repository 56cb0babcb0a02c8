-- answer:
-- reads: messages, people
-- args: end
-- grain: one row per message and person
-- columns: release_key, school_key, profiles, recipients, sent_ms, opened_ms, bytes, attached, deadline_ms
-- What did each person write?
SELECT
  p.release_key,
  CAST(r.school_key AS BIGINT) AS school_key,
  CAST(r.sender_profile AS BIGINT) * 64 + r.recipient_profile AS profiles,
  CAST(r.recipients AS BIGINT) AS recipients,
  r.sent_ms,
  CASE WHEN r.opened_ms > (CAST(:end AS BIGINT) + 1) * 86400000 THEN -1 ELSE r.opened_ms END AS opened_ms,
  r.bytes,
  CAST(r.attached AS BIGINT) AS attached,
  r.deadline_ms
FROM messages AS r
JOIN people AS p ON p.person_key = r.sender_key
WHERE r.sent_date <= :end
ORDER BY p.release_key
