-- table: device_year
-- reads: profils_appareils, coverage
-- grain: one row per school and school year with a row in profils_appareils
-- order: uai, school_year
-- columns: uai, school_year, then the visits of each column of the table in its order
-- On which devices did parents and pupils of each school come? Weeks of a file that was cut are left out.
SELECT
  t.uai, t.school_year,
  CAST(COALESCE(SUM(t.visites_eleve_ordinateur), 0) AS BIGINT) AS eleve_ordinateur,
  CAST(COALESCE(SUM(t.visites_eleve_smartphone), 0) AS BIGINT) AS eleve_smartphone,
  CAST(COALESCE(SUM(t.visites_eleve_tablette), 0) AS BIGINT) AS eleve_tablette,
  CAST(COALESCE(SUM(t.visites_eleve_autresappareil), 0) AS BIGINT) AS eleve_autresappareil,
  CAST(COALESCE(SUM(t.visites_parent_ordinateur), 0) AS BIGINT) AS parent_ordinateur,
  CAST(COALESCE(SUM(t.visites_parent_smartphone), 0) AS BIGINT) AS parent_smartphone,
  CAST(COALESCE(SUM(t.visites_parent_tablette), 0) AS BIGINT) AS parent_tablette,
  CAST(COALESCE(SUM(t.visites_parent_autresappareil), 0) AS BIGINT) AS parent_autresappareil
FROM profils_appareils AS t
LEFT JOIN coverage AS c ON c."table" = 'profils_appareils' AND c.week_day = t.week_day AND c.thin
WHERE c.week_day IS NULL
GROUP BY t.uai, t.school_year
