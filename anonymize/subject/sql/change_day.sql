-- answer:
-- reads: at_once, covered
-- grain: one row per school that changed
-- columns: change_day
-- On which days did the schools change that have at least four grade-covered school weeks on both sides?
SELECT a.change_day
FROM at_once AS a
JOIN covered AS c ON c.school_key = a.school_key AND c.grades = 1
WHERE a.change_day >= 0
GROUP BY a.school_key, a.change_day
HAVING COUNT(CASE WHEN c.week_day + 6 < a.change_day THEN 1 END) >= 4
  AND COUNT(CASE WHEN c.week_day >= a.change_day THEN 1 END) >= 4
ORDER BY change_day
