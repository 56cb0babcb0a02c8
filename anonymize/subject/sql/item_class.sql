-- table: item_class, adds slice
-- reads: class_item, slice_class
-- grain: one row per subject and school with an item
-- columns: person_key, school_key, items
-- How many items were published to the classes of the children of each subject of one slice?
SELECT c.person_key, c.school_key, CAST(SUM(i.items) AS BIGINT) AS items
FROM slice_class AS c
JOIN class_item AS i ON i.school_key = c.school_key AND i.class_key = c.class_key
GROUP BY c.person_key, c.school_key
