-- table: school
-- reads: day, memberships, schools
-- grain: one row per school
-- columns: school_key, uai, name, level, sector, academie, ep, ips_band, zone, rollout_day
-- Which schools can a person or an event belong to, and what is known of them? A school that only the
-- directory names has no level and the fallback calendar.
SELECT
  k.school_key,
  COALESCE(MIN(s.uai), '') AS uai,
  COALESCE(MIN(s.name), '') AS name,
  COALESCE(MIN(s.level), '') AS level,
  COALESCE(MIN(s.sector), '') AS sector,
  COALESCE(MIN(s.academie), '') AS academie,
  COALESCE(MIN(s.ep), '') AS ep,
  COALESCE(MIN(s.ips_band), 0) AS ips_band,
  COALESCE(MIN(d.zone), '') AS zone,
  COALESCE(MIN(s.rollout_day), -1) AS rollout_day
FROM (
  SELECT school_key FROM schools
  UNION
  SELECT school_key FROM memberships
) AS k
LEFT JOIN schools AS s ON s.school_key = k.school_key
LEFT JOIN (SELECT DISTINCT zone FROM day) AS d ON d.zone = s.zone
WHERE k.school_key <> 0
GROUP BY k.school_key
