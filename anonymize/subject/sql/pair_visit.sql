-- table: pair_visit, per slice
-- reads: pair, visit
-- grain: one row per pair and grade visit
-- columns: person_key, school_key, start_ms, grade_ms, local_date, local_hour
-- The grade visits of each pair: visits in the scope of its school alone that hold a grade event.
SELECT p.person_key, p.school_key, v.start_ms, v.grade_ms, v.local_date, v.local_hour
FROM visit AS v
JOIN pair AS p ON p.person_key = v.person_key AND p.mask = v.mask
WHERE v.grades = 1
