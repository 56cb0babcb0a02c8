-- table: item_first, adds slice
-- reads: dated_visit, shown_item, slice_all
-- grain: one row per subject whose first visit followed an item
-- columns: person_key
-- Whose first visit of the window came within 48 hours after an item with media of a child's class?
SELECT DISTINCT f.person_key
FROM (
  SELECT d.person_key, d.mask, MIN(d.start_ms) AS start_ms
  FROM dated_visit AS d
  JOIN slice_all AS a ON a.person_key = d.person_key AND a.mask = d.mask
  GROUP BY d.person_key, d.mask
) AS f
JOIN shown_item AS i ON i.person_key = f.person_key AND i.mask = f.mask
WHERE f.start_ms >= i.ts_ms AND f.start_ms < i.ts_ms + 172800000
