-- table: item_visit, adds slice
-- reads: dated_visit, shown_item
-- grain: one row per subject and school with an item
-- columns: person_key, school_key, after, before
-- How many visits did each subject of one slice make in the 48 hours after the items with media of the
-- children's classes, and in the same hours a week before?
SELECT person_key, school_key, CAST(SUM(after) AS BIGINT) AS after, CAST(SUM(before) AS BIGINT) AS before
FROM (
  SELECT person_key, school_key, 0 AS after, 0 AS before
  FROM shown_item
  WHERE fair = 1 AND local_date - 7 >= from_day
  UNION ALL
  SELECT
    i.person_key, i.school_key,
    CASE WHEN d.start_ms >= i.ts_ms THEN 1 ELSE 0 END AS after,
    CASE WHEN d.start_ms < i.ts_ms - 432000000 THEN 1 ELSE 0 END AS before
  FROM shown_item AS i
  JOIN dated_visit AS d ON d.person_key = i.person_key AND d.mask = i.mask
  WHERE i.fair = 1 AND i.local_date - 7 >= i.from_day
    AND d.start_ms >= i.ts_ms - 604800000 AND d.start_ms < i.ts_ms + 172800000
) AS n
GROUP BY person_key, school_key
