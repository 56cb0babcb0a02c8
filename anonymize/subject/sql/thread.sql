-- table: thread, adds thread range
-- reads: school, slice_thread, study, working
-- args: subject
-- grain: one row per thread begun by a subject
-- columns: person_key, school_key, answered, waited_ms, mature
-- The threads that a subject began by writing to staff in the window, with the working time to the first
-- answer of staff, or to the end of the window. mature is 1 when the thread began 10 days before the end or
-- earlier.
SELECT
  f.person_key, f.school_key,
  CASE WHEN a.thread_key IS NULL THEN 0 ELSE 1 END AS answered,
  COALESCE(v.worked + v.school_day * LEAST(GREATEST(a.day_ms - 28800000, 0), 36000000), w.worked_in_all)
    - (w.worked + w.school_day * LEAST(GREATEST(f.day_ms - 28800000, 0), 36000000)) AS waited_ms,
  CASE WHEN (x.last_day + 1 - f.sent_date) * CAST(86400000 AS BIGINT) - f.day_ms >= 864000000 THEN 1 ELSE 0 END AS mature
FROM (
  SELECT
    thread_key, sender_key AS person_key, sender_profile, school_key, sent_date, sent_ms, staff,
    sent_hour * 3600000 + MOD(sent_ms, 3600000) AS day_ms,
    ROW_NUMBER() OVER (PARTITION BY thread_key ORDER BY sent_ms, message_key) AS place
  FROM slice_thread
) AS f
CROSS JOIN (SELECT end_day AS last_day, start_day AS first_day FROM study) AS x
JOIN school AS s ON s.school_key = f.school_key
JOIN working AS w ON w.zone = s.zone AND w.local_date = f.sent_date
LEFT JOIN (
  SELECT
    b.thread_key, b.sent_date,
    b.sent_hour * 3600000 + MOD(b.sent_ms, 3600000) AS day_ms,
    ROW_NUMBER() OVER (PARTITION BY b.thread_key ORDER BY b.sent_ms, b.message_key) AS place
  FROM slice_thread AS b
  JOIN (SELECT thread_key, MIN(sent_ms) AS sent_ms FROM slice_thread GROUP BY thread_key) AS o
    ON o.thread_key = b.thread_key AND b.sent_ms > o.sent_ms
  WHERE b.sender_profile IN (:profile_teacher, :profile_admin)
) AS a ON a.thread_key = f.thread_key AND a.place = 1
LEFT JOIN working AS v ON v.zone = s.zone AND v.local_date = a.sent_date
WHERE f.place = 1 AND f.person_key <> 0 AND f.sender_profile = :subject AND f.staff = 1
