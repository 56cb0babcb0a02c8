-- table: school
-- reads: schools
-- grain: one row per school
-- order: uai
-- columns: uai, name, level, sector, academie, departement, number, commune, zone, in_dnma
-- Which schools are there? What is not known is an empty text, so that it makes a group of its own.
SELECT
  uai, COALESCE(name, '') AS name, COALESCE(level, '') AS level, COALESCE(sector, '') AS sector,
  COALESCE(academie, '') AS academie, COALESCE(departement, '') AS departement,
  COALESCE(departement_number, '') AS number, COALESCE(commune, '') AS commune, COALESCE(zone, '') AS zone,
  CASE WHEN in_dnma THEN 1 ELSE 0 END AS in_dnma
FROM schools
