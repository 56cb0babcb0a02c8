-- How many items with media of a class are there?
SELECT COUNT(*) AS items
FROM media_item
