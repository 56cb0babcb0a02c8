-- F1: who answered the equipment survey, and who lacks what?
SELECT
  g.grp, 0 AS period, g.school_key, p.family_key,
  'F1.answered' AS measure, 'all_pupils' AS population,
  CASE WHEN s.child_key IS NOT NULL THEN 1 ELSE 0 END AS x, 1 AS y
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile = 1
LEFT JOIN survey AS s ON s.child_key = g.person_key
UNION ALL
SELECT
  g.grp, 0 AS period, g.school_key, p.family_key,
  'F1.no_computer' AS measure, 'surveyed_pupils' AS population,
  CASE WHEN s.has_computer = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile = 1
JOIN survey AS s ON s.child_key = g.person_key AND s.has_computer >= 0
UNION ALL
SELECT
  g.grp, 0 AS period, g.school_key, p.family_key,
  'F1.no_network' AS measure, 'surveyed_pupils' AS population,
  CASE WHEN s.has_fixed_net = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile = 1
JOIN survey AS s ON s.child_key = g.person_key AND s.has_fixed_net >= 0
