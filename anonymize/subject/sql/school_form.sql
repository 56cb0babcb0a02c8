-- table: school_form
-- reads: accompanied_day, member
-- grain: one row per school and form of accompaniment
-- columns: school_key, form
-- Which schools have had each form of accompaniment: those of the persons accompanied?
SELECT DISTINCT m.school_key, r.form
FROM accompanied_day AS r
JOIN member AS m ON m.person_key = r.person_key
WHERE r.form >= 1 AND r.form <= 4
