-- table: reached_form, per grouping
-- reads: accompanied_day, account_member, school_form
-- grain: one row per group, family and form of accompaniment
-- columns: grp, school_key, family_key, form, reached
-- A3: which families does each form of accompaniment reach, of the schools that have it? Each at the smallest
-- of their schools.
SELECT
  a.grp, MIN(a.school_key) AS school_key, a.family_key, f.form,
  MAX(CASE WHEN r.person_key IS NOT NULL THEN 1 ELSE 0 END) AS reached
FROM account_member AS a
JOIN school_form AS f ON f.school_key = a.member_key
LEFT JOIN (SELECT DISTINCT person_key, form FROM accompanied_day) AS r ON r.person_key = a.person_key AND r.form = f.form
GROUP BY a.grp, a.family_key, f.form
