-- table: resource_visit, per grouping
-- reads: account, grouped, offer, person, service_visit
-- grain: one row per population, group and person of a school with resources
-- columns: grp, school_key, family_key, person_key, population, resources
-- C5: who uses the resources of the portal? Where a feed carries them.
SELECT
  g.grp, g.school_key, p.family_key, g.person_key, 'all_pupils' AS population,
  COALESCE(v.visits, 0) AS resources
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile = :profile_pupil
JOIN offer AS f ON f.school_key = g.school_key AND f.service = :service_resources
LEFT JOIN service_visit AS v ON v.person_key = g.person_key AND v.mask = g.mask AND v.service = f.service
UNION ALL
SELECT a.grp, a.school_key, a.family_key, a.person_key, a.population, COALESCE(v.visits, 0) AS resources
FROM account AS a
JOIN offer AS f ON f.school_key = a.school_key AND f.service = :service_resources
LEFT JOIN service_visit AS v ON v.person_key = a.person_key AND v.mask = a.mask AND v.service = f.service
WHERE a.population = 'all_accounts' AND a.period = 0
