-- answer:
-- reads: parents
-- grain: one row per cluster, groups and bands
-- columns: cluster, level, ips_band, ep, visits, contact, persons
-- How many persons of the person table stand in each band, by cluster and group?
SELECT
  cluster, level, ips_band, ep, visits, contact,
  COUNT(*) AS persons
FROM parents
GROUP BY cluster, level, ips_band, ep, visits, contact
ORDER BY cluster, level, ips_band, ep, visits, contact
