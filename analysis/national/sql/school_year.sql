-- table: school_year
-- reads: measured
-- grain: one row per school and school year with a row in profils
-- order: uai, school_year
-- columns: uai, school_year, row_count; by profile visits in every row, then in the weeks that measure use, and
--   the number of these weeks; users, of which parents, and parents in weeks that measure use; visits of parents
--   and weeks that measure them, from September to June
-- How often was each school visited in each school year?
SELECT
  uai, school_year, COUNT(*) AS row_count,
  CAST(COALESCE(SUM(all_globales), 0) AS BIGINT) AS all_globales,
  CAST(COALESCE(SUM(all_eleve), 0) AS BIGINT) AS all_eleve,
  CAST(COALESCE(SUM(all_parent), 0) AS BIGINT) AS all_parent,
  CAST(COALESCE(SUM(all_enseignant), 0) AS BIGINT) AS all_enseignant,
  CAST(COALESCE(SUM(all_admin_vie_scol_tech), 0) AS BIGINT) AS all_admin_vie_scol_tech,
  CAST(COALESCE(SUM(globales), 0) AS BIGINT) AS globales,
  CAST(COALESCE(SUM(eleve), 0) AS BIGINT) AS eleve,
  CAST(COALESCE(SUM(parent), 0) AS BIGINT) AS parent,
  CAST(COALESCE(SUM(enseignant), 0) AS BIGINT) AS enseignant,
  CAST(COALESCE(SUM(admin_vie_scol_tech), 0) AS BIGINT) AS admin_vie_scol_tech,
  COUNT(globales) AS weeks_globales,
  COUNT(eleve) AS weeks_eleve,
  COUNT(parent) AS weeks_parent,
  COUNT(enseignant) AS weeks_enseignant,
  COUNT(admin_vie_scol_tech) AS weeks_admin_vie_scol_tech,
  CAST(COALESCE(SUM(all_users), 0) AS BIGINT) AS all_users,
  CAST(COALESCE(SUM(all_parent_users), 0) AS BIGINT) AS all_parent_users,
  CAST(COALESCE(SUM(parent_users), 0) AS BIGINT) AS parent_users,
  CAST(COALESCE(SUM(core_parent), 0) AS BIGINT) AS core_parent, COUNT(core_parent) AS core_weeks
FROM measured
GROUP BY uai, school_year
