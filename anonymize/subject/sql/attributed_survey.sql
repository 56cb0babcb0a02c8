-- table: attributed_survey, per grouping
-- reads: grouped, person, survey
-- grain: one row per group and pupil
-- columns: grp, school_key, family_key, person_key, answered, has_computer, has_fixed_net
-- F1: who answered the equipment survey, and who lacks what (-1 no answer)?
SELECT
  g.grp, g.school_key, p.family_key, g.person_key,
  CASE WHEN s.child_key IS NOT NULL THEN 1 ELSE 0 END AS answered,
  COALESCE(s.has_computer, -1) AS has_computer, COALESCE(s.has_fixed_net, -1) AS has_fixed_net
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile = :profile_pupil
LEFT JOIN survey AS s ON s.child_key = g.person_key
