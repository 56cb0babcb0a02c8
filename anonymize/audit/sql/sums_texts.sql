-- Which texts does sums hold?
SELECT DISTINCT 'grouping' AS field, "grouping" AS content FROM sums
UNION ALL
SELECT DISTINCT 'group' AS field, "group" AS content FROM sums
UNION ALL
SELECT DISTINCT 'measure' AS field, measure AS content FROM sums
UNION ALL
SELECT DISTINCT 'population' AS field, population AS content FROM sums
ORDER BY field, content
