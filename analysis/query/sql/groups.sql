-- answer:
-- reads: sums
-- grain: one row per group of the edition
-- columns: grouping, group
-- Which groups does the edition speak of?
SELECT DISTINCT "grouping", "group"
FROM sums
ORDER BY "grouping", "group"
