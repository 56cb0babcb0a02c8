-- answer:
-- reads: contents, equipment, meetings, messages, procedures, report_books
-- grain: one row for the study
-- columns: contents, report_books, procedures, meetings, equipment, messages, openings,
--   threads, with_pupil
-- What do the registers beside the logs say? Counts of rows, and of what only some registers of messages
-- carry.
SELECT
  (SELECT COUNT(*) FROM contents) AS contents,
  (SELECT COUNT(*) FROM report_books) AS report_books,
  (SELECT COUNT(*) FROM procedures) AS procedures,
  (SELECT COUNT(*) FROM meetings) AS meetings,
  (SELECT COUNT(*) FROM equipment) AS equipment,
  COUNT(*) AS messages,
  COUNT(CASE WHEN opened_ms >= 0 THEN 1 END) AS openings,
  COUNT(CASE WHEN thread_key <> message_key THEN 1 END) AS threads,
  COUNT(CASE WHEN sender_profile = :profile_pupil OR recipient_profile = :profile_pupil THEN 1 END) AS with_pupil
FROM messages
