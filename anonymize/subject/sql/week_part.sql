-- table: week_part, adds slice
-- reads: day, session, slice_level, study, visit
-- grain: one row per level, school, week, profile and service of each slice
-- columns: level, school_key, week_day, profile, service, visits, persons, keys, most
-- Visits and persons of each whole school week, by level, attributed school, profile and service; service -1
-- is any, and the one beside it is that which a question reads: each more is a draw more of everybody. Cells
-- add over slices and over schools: a person stands in one slice and is attributed once per level, in one
-- scope, so a row of the inner queries is one person. Pupils and parents only (profiles 1 and 3): a week is too
-- fine for staff.
SELECT
  a.grp AS level, a.school_key, c.week_day, c.profile, c.service,
  CAST(SUM(c.visits) AS BIGINT) AS visits, COUNT(*) AS persons,
  CAST(SUM(MOD(c.person_key, 4294967296)) AS BIGINT) AS keys,
  CAST(MAX(c.visits) AS BIGINT) AS most
FROM (
  SELECT v.person_key, v.mask, v.profile, d.week_day, -1 AS service, COUNT(*) AS visits
  FROM visit AS v
  JOIN day AS d ON d.zone = v.zone AND d.local_date = v.local_date AND d.school_week = 1
  GROUP BY v.person_key, v.mask, v.profile, d.week_day
  UNION ALL
  SELECT v.person_key, v.mask, v.profile, d.week_day, s.service, COUNT(*) AS visits
  FROM visit AS v
  JOIN day AS d ON d.zone = v.zone AND d.local_date = v.local_date AND d.school_week = 1
  JOIN (
    SELECT DISTINCT person_key, mask, visit, service FROM session WHERE service = :service_homework
  ) AS s ON s.person_key = v.person_key AND s.mask = v.mask AND s.visit = v.visit
  GROUP BY v.person_key, v.mask, v.profile, d.week_day, s.service
) AS c
JOIN slice_level AS a ON a.person_key = c.person_key AND a.mask = c.mask
CROSS JOIN study AS t
WHERE c.profile IN (:profile_pupil, :profile_parent) AND c.week_day >= t.start_day AND c.week_day + 6 <= t.end_day
GROUP BY a.grp, a.school_key, c.week_day, c.profile, c.service
