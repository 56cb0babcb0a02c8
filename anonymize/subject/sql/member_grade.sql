-- table: member_grade
-- reads: grade, memberships
-- args: start, end
-- grain: one row per person, school and grade level
-- columns: person_key, school_key, grade_level
-- Of which grade levels was each person in each school during the window: a pupil of their own, a guardian of
-- those of the children?
SELECT DISTINCT m.person_key, m.school_key, m.grade_level
FROM memberships AS m
JOIN grade AS g ON g.grade_level = m.grade_level
WHERE m.school_key <> 0 AND (m.to_day < 0 OR m.to_day >= :start) AND m.from_day <= :end
