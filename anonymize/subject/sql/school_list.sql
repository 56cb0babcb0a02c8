-- answer:
-- reads: school
-- grain: one row per school
-- columns: school_key, uai, name, level, sector, ep, ips_band
-- The schools of the perimeter, for the names of cells.
SELECT CAST(school_key AS BIGINT) AS school_key, uai, name, level, sector, ep, CAST(ips_band AS BIGINT) AS ips_band
FROM school
ORDER BY school_key
