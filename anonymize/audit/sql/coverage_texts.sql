-- Which texts does coverage hold?
SELECT DISTINCT 'feed' AS field, feed AS content FROM coverage
UNION ALL
SELECT DISTINCT 'uai' AS field, uai AS content FROM coverage
UNION ALL
SELECT DISTINCT 'level' AS field, level AS content FROM coverage
ORDER BY field, content
