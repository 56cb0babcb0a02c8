-- Whose first visit of the window came within 48 hours after an item with media of
-- a child's class?
SELECT DISTINCT f.person_key
FROM (
  SELECT d.person_key, MIN(d.start_ms) AS start_ms
  FROM dated_visit AS d
  JOIN slice_all AS a ON a.person_key = d.person_key AND a.mask = d.mask
  GROUP BY d.person_key
) AS f
JOIN slice_class AS c ON c.person_key = f.person_key
JOIN media_item AS i ON i.school_key = c.school_key AND i.class_key = c.class_key
WHERE f.start_ms >= i.ts_ms AND f.start_ms < i.ts_ms + 172800000 AND i.local_date >= c.from_day AND i.local_date <= c.to_day
