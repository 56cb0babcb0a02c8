-- table: feed_profils_appareils
-- reads: profils_appareils, school
-- grain: one row per week of profils_appareils and académie
-- order: week_day, academie
-- columns: week_day, academie, then the visits of each column of the table in its order
-- How many visits did parents and pupils bring on each device, week by week in each académie?
SELECT
  t.week_day, s.academie,
  CAST(COALESCE(SUM(t.visites_eleve_ordinateur), 0) AS BIGINT) AS eleve_ordinateur,
  CAST(COALESCE(SUM(t.visites_eleve_smartphone), 0) AS BIGINT) AS eleve_smartphone,
  CAST(COALESCE(SUM(t.visites_eleve_tablette), 0) AS BIGINT) AS eleve_tablette,
  CAST(COALESCE(SUM(t.visites_eleve_autresappareil), 0) AS BIGINT) AS eleve_autresappareil,
  CAST(COALESCE(SUM(t.visites_parent_ordinateur), 0) AS BIGINT) AS parent_ordinateur,
  CAST(COALESCE(SUM(t.visites_parent_smartphone), 0) AS BIGINT) AS parent_smartphone,
  CAST(COALESCE(SUM(t.visites_parent_tablette), 0) AS BIGINT) AS parent_tablette,
  CAST(COALESCE(SUM(t.visites_parent_autresappareil), 0) AS BIGINT) AS parent_autresappareil
FROM profils_appareils AS t
JOIN school AS s ON s.uai = t.uai
GROUP BY t.week_day, s.academie
