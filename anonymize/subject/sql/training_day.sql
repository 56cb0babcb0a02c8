-- answer:
-- reads: school, training
-- grain: one row per school
-- columns: school_key, day
-- When was the first training session of each school of the perimeter, -1 none?
SELECT s.school_key, CAST(COALESCE(MIN(t.local_date), -1) AS BIGINT) AS day
FROM school AS s
LEFT JOIN training AS t ON t.school_key = s.school_key AND t.sessions > 0
GROUP BY s.school_key
ORDER BY s.school_key
