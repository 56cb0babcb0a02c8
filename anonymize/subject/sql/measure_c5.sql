-- C5: who uses the resources of the portal? Where a feed carries them.
SELECT
  g.grp, 0 AS period, g.school_key, p.family_key,
  'C5.pupils' AS measure, 'all_pupils' AS population,
  COALESCE(v.resources, 0) AS x, 1 AS y
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile = 1
JOIN offer AS f ON f.school_key = g.school_key AND f.service = 13
LEFT JOIN service_visit AS v ON v.person_key = g.person_key AND v.mask = g.mask
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'C5.parents' AS measure, 'all_accounts' AS population,
  CASE WHEN v.resources > 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
JOIN offer AS f ON f.school_key = a.school_key AND f.service = 13
LEFT JOIN service_visit AS v ON v.person_key = a.person_key AND v.mask = a.mask
WHERE a.population = 'all_accounts' AND a.period = 0
