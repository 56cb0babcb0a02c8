-- table: unused
-- reads: school, silence, coverage
-- grain: one row per académie and week with something that is no measure of use
-- columns: academie, week_day, globales, eleve, parent, enseignant, admin_vie_scol_tech (1: not to be used)
-- In which weeks of an académie did the feed of a profile stand still, or was the file cut?
SELECT
  academie, week_day,
  MAX(CASE WHEN feed IN ('', 'visites_globales') THEN 1 ELSE 0 END) AS globales,
  MAX(CASE WHEN feed IN ('', 'visites_eleve') THEN 1 ELSE 0 END) AS eleve,
  MAX(CASE WHEN feed IN ('', 'visites_parent') THEN 1 ELSE 0 END) AS parent,
  MAX(CASE WHEN feed IN ('', 'visites_enseignant') THEN 1 ELSE 0 END) AS enseignant,
  MAX(CASE WHEN feed IN ('', 'visites_admin_vie_scol_tech') THEN 1 ELSE 0 END) AS admin_vie_scol_tech
FROM (
  SELECT s.academie, s.feed, c.week_day
  FROM silence AS s
  JOIN coverage AS c ON c."table" = 'profils' AND c.week_day >= s.since AND c.week_day < s.until
  UNION ALL
  SELECT a.academie, '' AS feed, c.week_day
  FROM coverage AS c
  JOIN (SELECT DISTINCT academie FROM school) AS a ON c."table" = 'profils' AND c.thin
) AS n
GROUP BY academie, week_day
