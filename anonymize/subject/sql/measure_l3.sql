-- L3: regular follow-up or bursts? -1 is not defined: all times between visits equal.
SELECT
  a.grp, a.period, a.school_key, a.family_key,
  'L3.entropy' AS measure, 'regular_accounts' AS population,
  r.entropy AS x, 100 AS y
FROM account AS a
JOIN regularity AS r ON r.person_key = a.person_key AND r.mask = a.mask
WHERE a.period = 0 AND a.population = 'active_accounts'
UNION ALL
SELECT
  a.grp, a.period, a.school_key, a.family_key,
  'L3.burstiness' AS measure, 'regular_accounts' AS population,
  r.burstiness AS x, 100 AS y
FROM account AS a
JOIN regularity AS r ON r.person_key = a.person_key AND r.mask = a.mask
WHERE a.period = 0 AND a.population = 'active_accounts'
UNION ALL
SELECT
  a.grp, a.period, a.school_key, a.family_key,
  'L3.memory' AS measure, 'regular_accounts' AS population,
  r.memory AS x, 100 AS y
FROM account AS a
JOIN regularity AS r ON r.person_key = a.person_key AND r.mask = a.mask
WHERE a.period = 0 AND a.population = 'active_accounts' AND r.memory >= 0
