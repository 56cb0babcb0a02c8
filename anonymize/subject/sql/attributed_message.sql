-- table: attributed_message, per grouping
-- reads: account_member, message_received
-- grain: one row per group and account with a message received
-- columns: grp, school_key, family_key, person_key, single, single_read, common, common_read, files,
--   attachments, sized, bytes, requests, allowed_ms, followed, in_time, unvisited
-- What the accounts of each group did with the messages received.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  CAST(SUM(m.single) AS BIGINT) AS single,
  CAST(SUM(m.single_read) AS BIGINT) AS single_read,
  CAST(SUM(m.common) AS BIGINT) AS common,
  CAST(SUM(m.common_read) AS BIGINT) AS common_read,
  CAST(SUM(m.files) AS BIGINT) AS files,
  CAST(SUM(m.attachments) AS BIGINT) AS attachments,
  CAST(SUM(m.sized) AS BIGINT) AS sized,
  CAST(SUM(m.bytes) AS BIGINT) AS bytes,
  CAST(SUM(m.requests) AS BIGINT) AS requests,
  CAST(SUM(m.allowed_ms) AS BIGINT) AS allowed_ms,
  CAST(SUM(m.followed) AS BIGINT) AS followed,
  CAST(SUM(m.in_time) AS BIGINT) AS in_time,
  CAST(SUM(m.unvisited) AS BIGINT) AS unvisited
FROM account_member AS a
JOIN message_received AS m ON m.person_key = a.person_key AND m.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
