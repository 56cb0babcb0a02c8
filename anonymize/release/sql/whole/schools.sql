-- answer:
-- reads: schools
-- args:
-- grain: one row per school of the perimeter
-- columns: school_key, uai, uai_valid, name, level, sector, ep, ips_tenths, ips_band, academie, zone, rollout_day
-- What does the reference say of each school, its name and holiday zone included?
SELECT
  CAST(school_key AS BIGINT) AS school_key, uai, CAST(CASE WHEN uai_valid THEN 1 ELSE 0 END AS BIGINT) AS uai_valid,
  name, level, sector, ep, CAST(ips_tenths AS BIGINT) AS ips_tenths, CAST(ips_band AS BIGINT) AS ips_band, academie,
  zone, CAST(rollout_day AS BIGINT) AS rollout_day
FROM schools
