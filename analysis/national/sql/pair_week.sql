-- table: pair_week
-- reads: measured, pair, compared_year
-- grain: one row per pair of school years, week, département and zone, over the schools measured in both years
-- order: position, week_day, number, zone
-- columns: position, week_day, number, zone, then the visits of each profile in the weeks that measure use
-- How often was the panel of two adjacent years visited, week by week and département by département?
SELECT
  r.position, m.week_day, m.number, m.zone,
  CAST(COALESCE(SUM(m.globales), 0) AS BIGINT) AS globales,
  CAST(COALESCE(SUM(m.eleve), 0) AS BIGINT) AS eleve,
  CAST(COALESCE(SUM(m.parent), 0) AS BIGINT) AS parent,
  CAST(COALESCE(SUM(m.enseignant), 0) AS BIGINT) AS enseignant,
  CAST(COALESCE(SUM(m.admin_vie_scol_tech), 0) AS BIGINT) AS admin_vie_scol_tech
FROM measured AS m
JOIN compared_year AS c ON c.school_year = m.school_year
JOIN pair AS r ON r.uai = m.uai AND (r.position = c.position OR r.position = c.position + 1)
GROUP BY r.position, m.week_day, m.number, m.zone
