-- table: feed_profils
-- reads: profils, school
-- grain: one row per week of profils and académie
-- order: week_day, academie
-- columns: week_day, academie, then the visits of each column of the table in its order
-- How many visits did each profile bring, week by week in each académie, so that a feed that stopped is seen?
SELECT
  t.week_day, s.academie,
  CAST(COALESCE(SUM(t.visites_globales), 0) AS BIGINT) AS globales,
  CAST(COALESCE(SUM(t.visites_eleve), 0) AS BIGINT) AS eleve,
  CAST(COALESCE(SUM(t.visites_parent), 0) AS BIGINT) AS parent,
  CAST(COALESCE(SUM(t.visites_enseignant), 0) AS BIGINT) AS enseignant,
  CAST(COALESCE(SUM(t.visites_admin_vie_scol_tech), 0) AS BIGINT) AS admin_vie_scol_tech
FROM profils AS t
JOIN school AS s ON s.uai = t.uai
GROUP BY t.week_day, s.academie
