-- L1 with another pause: how much do visits depend on the 30 minutes?
SELECT
  a.grp, a.period, a.school_key, a.family_key,
  'L1.visits_per_week.pause15' AS measure, a.population,
  COALESCE(w.visits, 0) AS x, a.weeks AS y
FROM account AS a
LEFT JOIN pause_week AS w ON w.person_key = a.person_key AND w.mask = a.mask AND w.pause = 15
WHERE a.period = 0
UNION ALL
SELECT
  a.grp, a.period, a.school_key, a.family_key,
  'L1.visits_per_week.pause60' AS measure, a.population,
  COALESCE(w.visits, 0) AS x, a.weeks AS y
FROM account AS a
LEFT JOIN pause_week AS w ON w.person_key = a.person_key AND w.mask = a.mask AND w.pause = 60
WHERE a.period = 0
