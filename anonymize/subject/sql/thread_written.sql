-- table: thread_written, adds thread range
-- reads: slice_thread
-- args: subject, start
-- grain: one row per subject and school with a thread
-- columns: person_key, school_key, threads, with_pupil
-- In how many threads of one range of keys did each subject write to staff in the window, and in how many of
-- them did a pupil receive a message?
SELECT w.person_key, w.school_key, COUNT(*) AS threads, CAST(SUM(t.pupil) AS BIGINT) AS with_pupil
FROM (
  SELECT thread_key, sender_key AS person_key, MIN(school_key) AS school_key
  FROM slice_thread
  WHERE sender_profile = :subject AND sender_key <> 0 AND staff = 1 AND sent_date >= :start
  GROUP BY thread_key, sender_key
) AS w
JOIN (SELECT thread_key, MAX(pupil) AS pupil FROM slice_thread GROUP BY thread_key) AS t ON t.thread_key = w.thread_key
GROUP BY w.person_key, w.school_key
