-- table: panel
-- reads: steady, compared_year
-- grain: one row per school of the constant panel
-- order: uai
-- columns: uai
-- Which schools were measured throughout each of the school years that are compared?
SELECT uai
FROM steady
GROUP BY uai
HAVING COUNT(*) = (SELECT COUNT(*) FROM compared_year)
