-- table: week
-- reads: measured, panel
-- grain: one row per week, académie, level and side of the constant panel
-- order: week_day, academie, level, in_panel
-- columns: week_day, academie, level, in_panel, schools, all_parent (visits of every row); parent, parent_weeks,
--   parent_users, eleve, eleve_weeks in the weeks that measure use
-- How many schools were measured each week, and how often did parents and pupils come?
SELECT
  m.week_day, m.academie, m.level, CASE WHEN n.uai IS NULL THEN 0 ELSE 1 END AS in_panel,
  COUNT(m.all_globales) AS schools,
  CAST(COALESCE(SUM(m.all_parent), 0) AS BIGINT) AS all_parent,
  CAST(COALESCE(SUM(m.parent), 0) AS BIGINT) AS parent,
  COUNT(m.parent) AS parent_weeks,
  CAST(COALESCE(SUM(m.parent_users), 0) AS BIGINT) AS parent_users,
  CAST(COALESCE(SUM(m.eleve), 0) AS BIGINT) AS eleve,
  COUNT(m.eleve) AS eleve_weeks
FROM measured AS m
LEFT JOIN panel AS n ON n.uai = m.uai
GROUP BY m.week_day, m.academie, m.level, CASE WHEN n.uai IS NULL THEN 0 ELSE 1 END
