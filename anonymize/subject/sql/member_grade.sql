-- Of which grade levels was each person in each school during the window: a pupil
-- of their own, a guardian of those of the children? Parameters: first and last
-- day of the window.
SELECT DISTINCT m.person_key, m.school_key, m.grade_level
FROM memberships AS m
JOIN grade AS g ON g.grade_level = m.grade_level
WHERE m.school_key <> 0 AND (m.to_day < 0 OR m.to_day >= ?) AND m.from_day <= ?
