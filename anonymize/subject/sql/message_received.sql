-- table: message_received, adds slice
-- reads: dated_visit, slice_all, slice_message
-- grain: one row per subject and school with a message received
-- columns: person_key, school_key, single, single_read, common, common_read, opened, files, attachments,
--   sized, bytes, requests, allowed_ms, followed, in_time, unvisited
-- What did each subject do with the messages received, by the school of the message? Read is within 72 hours,
-- of messages sent 72 hours before the end or earlier; a request is a message whose deadline lies in the
-- window.
SELECT
  m.person_key, m.school_key,
  COUNT(CASE WHEN m.recipients <= 2 AND m.opened_ms >= 0 AND m.late_ms >= 259200000 THEN 1 END) AS single,
  COUNT(CASE
    WHEN m.recipients <= 2 AND m.opened_ms > 0 AND m.late_ms >= 259200000 AND m.opened_ms - m.sent_ms <= 259200000 THEN 1
  END) AS single_read,
  COUNT(CASE WHEN m.recipients >= 10 AND m.opened_ms >= 0 AND m.late_ms >= 259200000 THEN 1 END) AS common,
  COUNT(CASE
    WHEN m.recipients >= 10 AND m.opened_ms > 0 AND m.late_ms >= 259200000 AND m.opened_ms - m.sent_ms <= 259200000 THEN 1
  END) AS common_read,
  COUNT(CASE WHEN m.opened_ms > 0 THEN 1 END) AS opened,
  COUNT(CASE WHEN m.attached >= 0 THEN 1 END) AS files,
  COUNT(CASE WHEN m.attached = 1 THEN 1 END) AS attachments,
  COUNT(CASE WHEN m.bytes >= 0 THEN 1 END) AS sized,
  CAST(SUM(CASE WHEN m.bytes >= 0 THEN m.bytes ELSE 0 END) AS BIGINT) AS bytes,
  CAST(SUM(m.request) AS BIGINT) AS requests,
  CAST(SUM(CASE WHEN m.request = 1 THEN m.deadline_ms - m.sent_ms ELSE 0 END) AS BIGINT) AS allowed_ms,
  COUNT(CASE WHEN m.request = 1 AND m.opened_ms >= 0 THEN 1 END) AS followed,
  COUNT(CASE WHEN m.request = 1 AND m.opened_ms > 0 AND m.opened_ms <= m.deadline_ms THEN 1 END) AS in_time,
  COUNT(CASE WHEN m.request = 1 AND v.message_key IS NULL THEN 1 END) AS unvisited
FROM (
  SELECT
    s.*,
    CASE WHEN s.deadline_ms >= s.sent_ms AND s.deadline_ms - s.sent_ms <= s.late_ms THEN 1 ELSE 0 END AS request
  FROM slice_message AS s
) AS m
LEFT JOIN (
  SELECT DISTINCT r.person_key, r.message_key
  FROM slice_message AS r
  JOIN slice_all AS a ON a.person_key = r.person_key
  JOIN dated_visit AS d ON d.person_key = a.person_key AND d.mask = a.mask
  WHERE d.start_ms >= r.sent_ms AND d.start_ms <= r.deadline_ms
) AS v ON v.person_key = m.person_key AND v.message_key = m.message_key
GROUP BY m.person_key, m.school_key
