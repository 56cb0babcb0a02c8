-- answer:
-- reads: day, school
-- grain: one row per school and school week
-- columns: school_key, week_day
-- Which weeks of the window are school weeks of a school, by its calendar?
SELECT s.school_key, d.week_day
FROM school AS s
JOIN day AS d ON d.zone = s.zone AND d.school_week = 1
GROUP BY s.school_key, d.week_day
ORDER BY s.school_key, d.week_day
