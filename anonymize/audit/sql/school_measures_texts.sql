-- Which texts does school_measures hold?
SELECT DISTINCT 'uai' AS field, uai AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'name' AS field, name AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'level' AS field, level AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'ips_band' AS field, ips_band AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'ep' AS field, ep AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'period' AS field, period AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'measure' AS field, measure AS content FROM school_measures
UNION ALL
SELECT DISTINCT 'population' AS field, population AS content FROM school_measures
ORDER BY field, content
