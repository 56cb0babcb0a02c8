-- answer:
-- reads: schools
-- args:
-- grain: one row per school
-- columns: school_key, level, sector, ep, ips_band, ips_tenths, academie, rollout_day
-- What does the reference say of each school of the perimeter? Schools are grouped by it.
SELECT
  CAST(s.school_key AS BIGINT) AS school_key, s.level, s.sector, s.ep, CAST(s.ips_band AS BIGINT) AS ips_band,
  CAST(s.ips_tenths AS BIGINT) AS ips_tenths, s.academie, CAST(s.rollout_day AS BIGINT) AS rollout_day
FROM schools AS s
ORDER BY s.school_key
