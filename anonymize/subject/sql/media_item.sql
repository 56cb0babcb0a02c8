-- table: media_item
-- reads: contents
-- args: start, end
-- grain: one row per class and item with media
-- columns: school_key, class_key, ts_ms, local_date, fair
-- The items with media of a class. fair is 1 when the 48 hours after it and the same 48 hours a week before
-- lie in the window, and no other item of the class in those or in the 48 hours before them.
SELECT
  i.school_key, i.class_key, i.ts_ms, i.local_date,
  CASE WHEN i.local_date - 7 >= :start AND i.local_date + 2 <= :end AND COUNT(o.class_key) = 0 THEN 1 ELSE 0 END AS fair
FROM (
  SELECT DISTINCT school_key, class_key, ts_ms, local_date
  FROM contents
  WHERE media = 1 AND class_key <> 0
) AS i
LEFT JOIN contents AS o
  ON o.school_key = i.school_key AND o.class_key = i.class_key
  AND o.ts_ms > i.ts_ms - 777600000 AND o.ts_ms < i.ts_ms - 432000000
GROUP BY i.school_key, i.class_key, i.ts_ms, i.local_date
