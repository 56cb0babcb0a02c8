-- answer:
-- reads: school, settings, study
-- grain: one row per school and setting
-- columns: school_key, setting, value
-- What had each school set for grades (1) and for messages from parents (2) at the end of the window? The
-- setting that began last holds.
SELECT school_key, setting, value
FROM (
  SELECT
    e.school_key, e.setting, e.value,
    ROW_NUMBER() OVER (PARTITION BY e.school_key, e.setting ORDER BY e.from_day DESC, e.value) AS place
  FROM settings AS e
  JOIN school AS s ON s.school_key = e.school_key
  CROSS JOIN study AS t
  WHERE e.setting IN (:setting_grades, :setting_messages) AND e.from_day <= t.end_day AND (e.to_day < 0 OR e.to_day >= t.end_day)
) AS n
WHERE place = 1
ORDER BY school_key, setting
