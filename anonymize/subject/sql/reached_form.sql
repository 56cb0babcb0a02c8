-- table: reached_form, per grouping
-- reads: accompanied_day, account, attributed_family, told_form
-- grain: one row per group, family and form of accompaniment
-- columns: grp, school_key, family_key, form, reached
-- A3: which families of a group does each form of accompaniment reach? Each at the smallest of their schools.
SELECT
  a.grp, a.school_key, a.family_key, f.form,
  CASE WHEN r.family_key IS NULL THEN 0 ELSE 1 END AS reached
FROM attributed_family AS a
CROSS JOIN told_form AS f
LEFT JOIN (
  SELECT DISTINCT a.grp, a.family_key, d.form
  FROM account AS a
  JOIN accompanied_day AS d ON d.person_key = a.person_key
  WHERE a.population = 'all_accounts' AND a.period = 0
) AS r ON r.grp = a.grp AND r.family_key = a.family_key AND r.form = f.form
