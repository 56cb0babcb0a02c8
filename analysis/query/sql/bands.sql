-- answer:
-- reads: parents
-- grain: one row per cluster, groups and bands
-- columns: cluster, level, ips_band, ep, visits, persons
-- How many persons of the person table stand in each band, by cluster and group?
SELECT
  cluster, level, ips_band, ep, visits,
  COUNT(*) AS persons
FROM parents
GROUP BY cluster, level, ips_band, ep, visits
ORDER BY cluster, level, ips_band, ep, visits
