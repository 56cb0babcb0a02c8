-- answer:
-- reads: schools
-- args: two_years_before, five_years_before
-- grain: one row per school
-- columns: school_key, level, ips_band, ep, sector, territory, stratum, seniority
-- In which groups of schools do cells count each school?
SELECT
  CAST(s.school_key AS BIGINT) AS school_key,
  s.level,
  CAST(s.ips_band AS VARCHAR(20)) AS ips_band,
  s.ep,
  s.sector,
  s.academie AS territory,
  s.level || ' ' || CAST(s.ips_band AS VARCHAR(20)) AS stratum,
  CASE WHEN s.rollout_day > :two_years_before THEN '0-1' WHEN s.rollout_day > :five_years_before THEN '2-4' ELSE '5+' END AS seniority
FROM schools AS s
ORDER BY s.school_key
