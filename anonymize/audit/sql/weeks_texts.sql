-- Which texts does weeks hold?
SELECT DISTINCT 'level' AS field, level AS content FROM weeks
ORDER BY field, content
