-- answer:
-- reads: school
-- grain: one row per school
-- columns: school_key, uai, name, level, sector, ep, ips_band
-- The schools of the perimeter, for the names of cells.
SELECT school_key, uai, name, level, sector, ep, ips_band
FROM school
ORDER BY school_key
