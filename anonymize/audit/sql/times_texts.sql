-- Which texts does times hold?
SELECT DISTINCT 'curve' AS field, curve AS content FROM times
UNION ALL
SELECT DISTINCT 'grouping' AS field, "grouping" AS content FROM times
UNION ALL
SELECT DISTINCT 'group' AS field, "group" AS content FROM times
ORDER BY field, content
