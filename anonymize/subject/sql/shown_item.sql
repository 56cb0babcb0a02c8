-- table: shown_item, per slice
-- reads: media_item, slice_all, slice_class
-- grain: one row per subject, school and item
-- columns: person_key, mask, school_key, ts_ms, local_date, fair, from_day
-- The items with media that concern each subject of one slice, and the subject's visits by their scope. A
-- table of its own, so that visits are found by person and not by time.
SELECT c.person_key, a.mask, c.school_key, i.ts_ms, i.local_date, i.fair, c.from_day
FROM slice_class AS c
JOIN media_item AS i
  ON i.school_key = c.school_key AND i.class_key = c.class_key
  AND i.local_date >= c.from_day AND i.local_date <= c.to_day
JOIN slice_all AS a ON a.person_key = c.person_key
