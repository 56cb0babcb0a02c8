-- table: class_item
-- reads: contents
-- args: start, end
-- grain: one row per class with an item, or school (class 0)
-- columns: school_key, class_key, items
-- How many items were published to each class, and to each whole school (class 0), in the window?
SELECT school_key, class_key, COUNT(*) AS items
FROM contents
WHERE local_date >= :start AND local_date <= :end
GROUP BY school_key, class_key
