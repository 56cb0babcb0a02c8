-- table: attributed_homework, per grouping
-- reads: grouped, homework_pupil, person, scope_school
-- grain: one row per group and pupil for whom homework was looked at
-- columns: grp, school_key, family_key, person_key, own, guardians
-- C2: what share of the views of homework is of the guardians? Pupils for whom anybody looked.
SELECT
  a.grp, a.school_key, MAX(p.family_key) AS family_key, a.person_key,
  CAST(SUM(h.own) AS BIGINT) AS own, CAST(SUM(h.guardians) AS BIGINT) AS guardians
FROM grouped AS a
JOIN person AS p ON p.person_key = a.person_key AND p.profile = :profile_pupil
JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
JOIN homework_pupil AS h ON h.person_key = a.person_key AND h.school_key = s.school_key
GROUP BY a.grp, a.school_key, a.person_key
