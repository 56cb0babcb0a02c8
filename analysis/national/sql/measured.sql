-- view: measured
-- reads: profils, school, unused, core_week
-- grain: one row per school and week of profils
-- columns: uai, week_day, school_year, academie, level, number, zone; users and visits of each profile, null in
--   weeks that do not measure use; core_parent, only from September to June; all_users, all_parent_users and
--   all_X, in every row
-- What measures use? A feed that stands still and a file that was cut give no number here, and never 0.
SELECT
  p.uai, p.week_day, p.school_year, s.academie, s.level, s.number, s.zone,
  p.visites_globales AS all_globales,
  CASE WHEN COALESCE(u.globales, 0) = 0 THEN p.visites_globales END AS globales,
  p.visites_eleve AS all_eleve,
  CASE WHEN COALESCE(u.eleve, 0) = 0 THEN p.visites_eleve END AS eleve,
  p.visites_parent AS all_parent,
  CASE WHEN COALESCE(u.parent, 0) = 0 THEN p.visites_parent END AS parent,
  p.visites_enseignant AS all_enseignant,
  CASE WHEN COALESCE(u.enseignant, 0) = 0 THEN p.visites_enseignant END AS enseignant,
  p.visites_admin_vie_scol_tech AS all_admin_vie_scol_tech,
  CASE WHEN COALESCE(u.admin_vie_scol_tech, 0) = 0 THEN p.visites_admin_vie_scol_tech END AS admin_vie_scol_tech,
  p.utilisateurs_globales AS all_users, p.utilisateurs_parent AS all_parent_users,
  CASE WHEN COALESCE(u.parent, 0) = 0 THEN p.utilisateurs_parent END AS parent_users,
  CASE WHEN COALESCE(u.parent, 0) = 0 AND k.week_day IS NOT NULL THEN p.visites_parent END AS core_parent
FROM profils AS p
JOIN school AS s ON s.uai = p.uai
LEFT JOIN unused AS u ON u.academie = s.academie AND u.week_day = p.week_day
LEFT JOIN core_week AS k ON k.week_day = p.week_day
