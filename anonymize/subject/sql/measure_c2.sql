-- C2: what share of the views of homework is of the guardians? Pupils for whom
-- anybody looked.
SELECT
  a.grp, 0 AS period, a.school_key, MAX(p.family_key) AS family_key,
  'C2.parent_share' AS measure, 'pupils' AS population,
  CAST(SUM(h.guardians) AS BIGINT) AS x, CAST(SUM(h.own + h.guardians) AS BIGINT) AS y
FROM grouped AS a
JOIN person AS p ON p.person_key = a.person_key AND p.profile = 1
JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
JOIN homework_pupil AS h ON h.person_key = a.person_key AND h.school_key = s.school_key
GROUP BY a.grp, a.school_key, a.person_key
