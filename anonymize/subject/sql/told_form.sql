-- table: told_form
-- reads: accompanied_day
-- args: least_persons
-- grain: one row per form of accompaniment, none where the register does not tell forms
-- columns: form
-- Does the register say the form of enough persons? Each form is then told of everybody, 0 where it was not: a base
-- of the schools where somebody had it would rest on one person.
SELECT f.form
FROM (SELECT 1 AS form UNION ALL SELECT 2 AS form UNION ALL SELECT 3 AS form UNION ALL SELECT 4 AS form) AS f
WHERE (SELECT COUNT(DISTINCT person_key) FROM accompanied_day WHERE form >= 1 AND form <= 4) >= :least_persons
