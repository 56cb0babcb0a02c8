-- table: grade_opening, adds slice
-- reads: links, member, pupil_visit, visit
-- grain: one row per child, school and visit with grades
-- columns: child_key, school_key, ts_ms, opener
-- When did the pupils of one slice, and as guardians its other persons, open grades, by the child and the
-- school? opener is 0 for a guardian, 1 for the pupil, 2 for a visit of the pupil's account that a parent may
-- have made.
SELECT v.person_key AS child_key, m.school_key, v.grade_ms AS ts_ms, CASE WHEN v.loose = 1 THEN 2 ELSE 1 END AS opener
FROM pupil_visit AS v
JOIN member AS m ON m.person_key = v.person_key AND m.bit = v.mask
WHERE v.grades = 1
UNION ALL
SELECT l.child_key, m.school_key, v.grade_ms AS ts_ms, 0 AS opener
FROM visit AS v
JOIN member AS m ON m.person_key = v.person_key AND m.bit = v.mask
JOIN (SELECT DISTINCT child_key, guardian_key FROM links) AS l ON l.guardian_key = v.person_key
JOIN member AS c ON c.person_key = l.child_key AND c.school_key = m.school_key
WHERE v.grades = 1 AND v.profile <> :profile_pupil
