-- A3: which families does each form of accompaniment reach, of the schools that have
-- it? A family is one unit, counted once at the smallest of their schools.
SELECT
  a.grp, 0 AS period, MIN(a.school_key) AS school_key, a.family_key,
  'A3.reach.' || CAST(f.form AS VARCHAR) AS measure, 'families' AS population,
  MAX(CASE WHEN r.person_key IS NOT NULL THEN 1 ELSE 0 END) AS x, 1 AS y
FROM account_member AS a
JOIN school_form AS f ON f.school_key = a.member_key
LEFT JOIN (SELECT DISTINCT person_key, form FROM accompanied_day) AS r ON r.person_key = a.person_key AND r.form = f.form
GROUP BY a.grp, a.family_key, f.form
