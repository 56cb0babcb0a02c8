-- Which texts does the person table hold?
SELECT DISTINCT 'level' AS field, level AS content FROM parents
UNION ALL
SELECT DISTINCT 'grade_band' AS field, grade_band AS content FROM parents
UNION ALL
SELECT DISTINCT 'sector' AS field, sector AS content FROM parents
UNION ALL
SELECT DISTINCT 'ep' AS field, ep AS content FROM parents
UNION ALL
SELECT DISTINCT 'ips_band' AS field, ips_band AS content FROM parents
UNION ALL
SELECT DISTINCT 'cluster' AS field, cluster AS content FROM parents
UNION ALL
SELECT DISTINCT 'children' AS field, children AS content FROM parents
UNION ALL
SELECT DISTINCT 'devices' AS field, devices AS content FROM parents
UNION ALL
SELECT DISTINCT 'activation' AS field, activation AS content FROM parents
UNION ALL
SELECT DISTINCT 'visits' AS field, visits AS content FROM parents
UNION ALL
SELECT DISTINCT 'grade_visits' AS field, grade_visits AS content FROM parents
UNION ALL
SELECT DISTINCT 'evening' AS field, evening AS content FROM parents
UNION ALL
SELECT DISTINCT 'accompanied' AS field, accompanied AS content FROM parents
ORDER BY field, content
