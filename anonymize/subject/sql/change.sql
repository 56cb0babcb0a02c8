-- table: change
-- reads: at_once, covered
-- args: change_median
-- grain: one row per school of N8
-- columns: school_key, split_day, changed
-- The schools of N8 and the day that parts their window: that of their change, or, where nothing changed, the
-- median of those.
SELECT a.school_key, a.split_day, a.changed
FROM (
  SELECT
    school_key,
    CASE WHEN change_day < 0 THEN :change_median ELSE change_day END AS split_day,
    CASE WHEN change_day < 0 THEN 0 ELSE 1 END AS changed
  FROM at_once
) AS a
JOIN covered AS c ON c.school_key = a.school_key AND c.grades = 1
GROUP BY a.school_key, a.split_day, a.changed
HAVING COUNT(CASE WHEN c.week_day + 6 < a.split_day THEN 1 END) >= 4
  AND COUNT(CASE WHEN c.week_day >= a.split_day THEN 1 END) >= 4
