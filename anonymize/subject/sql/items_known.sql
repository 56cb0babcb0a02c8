-- answer:
-- reads: media_item
-- grain: one row for the study
-- columns: items, schools
-- How many items with media have a fair week before, in how many schools?
SELECT
  COUNT(CASE WHEN fair = 1 THEN 1 END) AS items,
  COUNT(DISTINCT CASE WHEN fair = 1 THEN school_key END) AS schools
FROM media_item
