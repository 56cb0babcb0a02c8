-- answer:
-- reads: contents, equipment, meetings, messages, procedures, report_books
-- args:
-- grain: one row for the study
-- columns: contents, report_books, procedures, meetings, equipment, messages, openings, threads, with_pupil
-- Which registers say anything, at any time? What none says is not measured (subject/sql/register_known.sql). Profile 1
-- is a pupil.
SELECT
  CAST(CASE WHEN (SELECT COUNT(*) FROM contents) > 0 THEN 1 ELSE 0 END AS BIGINT) AS contents,
  CAST(CASE WHEN (SELECT COUNT(*) FROM report_books) > 0 THEN 1 ELSE 0 END AS BIGINT) AS report_books,
  CAST(CASE WHEN (SELECT COUNT(*) FROM procedures) > 0 THEN 1 ELSE 0 END AS BIGINT) AS procedures,
  CAST(CASE WHEN (SELECT COUNT(*) FROM meetings) > 0 THEN 1 ELSE 0 END AS BIGINT) AS meetings,
  CAST(CASE WHEN (SELECT COUNT(*) FROM equipment) > 0 THEN 1 ELSE 0 END AS BIGINT) AS equipment,
  CAST(CASE WHEN COUNT(*) > 0 THEN 1 ELSE 0 END AS BIGINT) AS messages,
  CAST(CASE WHEN COUNT(CASE WHEN opened_ms >= 0 THEN 1 END) > 0 THEN 1 ELSE 0 END AS BIGINT) AS openings,
  CAST(CASE WHEN COUNT(CASE WHEN thread_key <> message_key THEN 1 END) > 0 THEN 1 ELSE 0 END AS BIGINT) AS threads,
  CAST(CASE WHEN COUNT(CASE WHEN sender_profile = 1 OR recipient_profile = 1 THEN 1 END) > 0
    THEN 1 ELSE 0 END AS BIGINT) AS with_pupil
FROM messages
