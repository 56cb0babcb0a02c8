-- table: at_once
-- reads: school, settings, study
-- grain: one row per school that published at once from before the window
-- columns: school_key, change_day
-- Which schools published grades at once from before the window on: throughout (change_day -1), or until they
-- deferred, once and for all, on change_day?
SELECT school_key, CASE WHEN deferred = 0 THEN -1 ELSE deferred_from END AS change_day
FROM (
  SELECT
    e.school_key,
    COUNT(CASE WHEN e.value = :grades_deferred THEN 1 END) AS deferred,
    MIN(CASE WHEN e.value = :grades_deferred THEN e.from_day END) AS deferred_from,
    MAX(CASE WHEN e.value = :grades_deferred THEN CASE WHEN e.to_day < 0 THEN t.end_day ELSE LEAST(e.to_day, t.end_day) END END) AS deferred_to,
    MIN(CASE WHEN e.value = :grades_at_once THEN e.from_day END) AS at_once_from,
    MAX(CASE WHEN e.value = :grades_at_once THEN CASE WHEN e.to_day < 0 THEN t.end_day ELSE LEAST(e.to_day, t.end_day) END END) AS at_once_to,
    MIN(t.start_day) AS start_day,
    MIN(t.end_day) AS end_day
  FROM settings AS e
  JOIN school AS s ON s.school_key = e.school_key
  CROSS JOIN study AS t
  WHERE e.setting = :setting_grades AND e.from_day <= t.end_day AND (e.to_day < 0 OR e.to_day >= t.start_day)
  GROUP BY e.school_key
) AS a
WHERE at_once_from <= start_day
  AND (deferred = 0 AND at_once_to = end_day
    OR deferred > 0 AND deferred_from > start_day AND at_once_to < deferred_from AND deferred_to = end_day)
