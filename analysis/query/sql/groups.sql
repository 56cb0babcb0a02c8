-- Which groups does the edition speak of?
SELECT DISTINCT "grouping", "group"
FROM sums
ORDER BY "grouping", "group"
