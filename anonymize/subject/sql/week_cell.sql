-- Visits and persons of each school week, by level, attributed school, profile
-- and service; service -1 is any. Cells add over buckets and over schools: a
-- person stands in one bucket and is attributed once per level.
-- Parameters: first and last person key, twice.
SELECT
  a.grp AS level, a.school_key, d.week_day, v.profile, CAST(-1 AS TINYINT) AS service,
  COUNT(*) AS visits, COUNT(DISTINCT v.person_key) AS persons
FROM visit AS v
JOIN attribution AS a ON a.person_key = v.person_key AND a.mask = v.mask AND a.grouping = 'level'
JOIN day AS d ON d.zone = v.zone AND d.local_date = v.local_date AND d.school_week = 1
WHERE a.person_key >= ? AND a.person_key <= ?
GROUP BY a.grp, a.school_key, d.week_day, v.profile
UNION ALL
SELECT
  a.grp, a.school_key, d.week_day, v.profile, s.service,
  COUNT(*), COUNT(DISTINCT v.person_key)
FROM visit AS v
JOIN session AS s ON s.person_key = v.person_key AND s.mask = v.mask AND s.visit = v.visit
JOIN attribution AS a ON a.person_key = v.person_key AND a.mask = v.mask AND a.grouping = 'level'
JOIN day AS d ON d.zone = v.zone AND d.local_date = v.local_date AND d.school_week = 1
WHERE a.person_key >= ? AND a.person_key <= ?
GROUP BY a.grp, a.school_key, d.week_day, v.profile, s.service
