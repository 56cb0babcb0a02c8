-- How many items were published to each class, and to each whole school (class 0),
-- in the window? Parameters: its first and last day.
SELECT school_key, class_key, COUNT(*) AS items
FROM contents
WHERE local_date >= ? AND local_date <= ?
GROUP BY school_key, class_key
