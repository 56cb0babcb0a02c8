-- table: publication
-- reads: follow_up, publications
-- grain: one row per class and publication
-- columns: school_key, class_key, ts_ms, local_date, assessed_day, returned_day, until_ms
-- The publications of grades whose openings can be seen, each once, and until when (to the hours between
-- local and universal time).
SELECT DISTINCT
  b.school_key, b.class_key, b.ts_ms, b.local_date, b.assessed_day, b.returned_day,
  CAST(u.until_day AS BIGINT) * 86400000 AS until_ms
FROM publications AS b
JOIN follow_up AS u ON u.school_key = b.school_key AND u.week_day = b.local_date - MOD(b.local_date + 3, 7)
