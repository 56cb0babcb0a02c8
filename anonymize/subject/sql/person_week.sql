-- Visits of each subject in each counted school week, over all their schools
-- together (the scope of the grouping "all").
SELECT d.person_key, d.week_day, COUNT(*) AS visits
FROM dated_visit AS d
JOIN attribution AS a ON a.person_key = d.person_key AND a.mask = d.mask AND a.grouping = 'all'
WHERE d.counted = 1 AND a.person_key >= ? AND a.person_key <= ?
GROUP BY d.person_key, d.week_day
