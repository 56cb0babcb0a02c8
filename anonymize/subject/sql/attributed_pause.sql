-- table: attributed_pause, per grouping
-- reads: account, pause_week
-- grain: one row per population, group and account
-- columns: grp, school_key, family_key, person_key, population, weeks, visits15, visits60
-- L1 with another pause: how much do visits depend on the 30 minutes?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, a.population, a.weeks, COALESCE(s.visits, 0) AS visits15,
  COALESCE(l.visits, 0) AS visits60
FROM account AS a
LEFT JOIN pause_week AS s ON s.person_key = a.person_key AND s.mask = a.mask AND s.pause = 15
LEFT JOIN pause_week AS l ON l.person_key = a.person_key AND l.mask = a.mask AND l.pause = 60
WHERE a.period = 0
