-- table: covered
-- reads: day, reported, school
-- args: end, start
-- grain: one row per school and school week
-- columns: school_key, week_day, month, covered, grades
-- Which school weeks of a school, whole and within the window, are there, and which are covered (any service,
-- grades)?
SELECT
  s.school_key, w.week_day,
  MAX(w.month) AS month,
  MAX(CASE WHEN c.service = 0 AND w.week_day >= s.rollout_day THEN 1 ELSE 0 END) AS covered,
  MAX(CASE WHEN c.service = :service_grades AND w.week_day >= s.rollout_day THEN 1 ELSE 0 END) AS grades
FROM school AS s
JOIN (
  SELECT zone, week_day, MIN(month) AS month
  FROM day
  WHERE school_week = 1 AND week_day + 6 <= :end AND week_day >= :start
  GROUP BY zone, week_day
) AS w ON w.zone = s.zone
LEFT JOIN reported AS c ON c.school_key = s.school_key AND c.week_day = w.week_day
GROUP BY s.school_key, w.week_day
