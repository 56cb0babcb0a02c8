-- How many visits did each subject of one slice make in the 48 hours after the
-- items with media of the children's classes, and in the same hours a week before?
SELECT
  person_key,
  school_key,
  CAST(SUM(after) AS BIGINT) AS after,
  CAST(SUM(before) AS BIGINT) AS before
FROM (
  SELECT c.person_key, c.school_key, 0 AS after, 0 AS before
  FROM slice_class AS c
  JOIN media_item AS i
    ON i.school_key = c.school_key AND i.class_key = c.class_key AND i.fair = 1
    AND i.local_date - 7 >= c.from_day AND i.local_date <= c.to_day
  UNION ALL
  SELECT
    c.person_key,
    c.school_key,
    CASE WHEN d.start_ms >= i.ts_ms THEN 1 ELSE 0 END AS after,
    CASE WHEN d.start_ms < i.ts_ms - 432000000 THEN 1 ELSE 0 END AS before
  FROM slice_class AS c
  JOIN media_item AS i
    ON i.school_key = c.school_key AND i.class_key = c.class_key AND i.fair = 1
    AND i.local_date - 7 >= c.from_day AND i.local_date <= c.to_day
  JOIN slice_all AS a ON a.person_key = c.person_key
  JOIN dated_visit AS d
    ON d.person_key = a.person_key AND d.mask = a.mask
    AND d.start_ms >= i.ts_ms - 604800000 AND d.start_ms < i.ts_ms + 172800000
) AS n
GROUP BY person_key, school_key
