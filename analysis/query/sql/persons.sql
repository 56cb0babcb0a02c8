-- answer:
-- reads: parents
-- grain: one row per cluster and combination of columns
-- columns: cluster, level, grade_band, sector, ep, ips_band, children, devices, activation, visits, grade_visits,
--   evening, accompanied, persons
-- How many persons of the person table share all columns, by cluster?
SELECT
  cluster, level, grade_band, sector, ep, ips_band, children, devices, activation, visits, grade_visits,
  evening, accompanied,
  COUNT(*) AS persons
FROM parents
GROUP BY
  cluster, level, grade_band, sector, ep, ips_band, children, devices, activation, visits, grade_visits,
  evening, accompanied
ORDER BY
  cluster, level, grade_band, sector, ep, ips_band, children, devices, activation, visits, grade_visits,
  evening, accompanied
