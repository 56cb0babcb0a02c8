-- table: attributed_procedure, per grouping
-- reads: account, grouped, person, procedures, study
-- grain: one row per group and family with a procedure
-- columns: grp, school_key, family_key, use, on_time, procedures
-- F3: does use go with a téléservice done in time? Each family at the smallest of the schools of its
-- children.
SELECT
  c.grp, MIN(c.school_key) AS school_key, c.family_key, f.use,
  COUNT(CASE WHEN c.done_day >= 0 AND c.done_day <= c.deadline_day THEN 1 END) AS on_time, COUNT(*) AS procedures
FROM (
  SELECT DISTINCT g.grp, g.school_key, p.family_key, r.child_key, r.kind, r.deadline_day, r.done_day
  FROM grouped AS g
  JOIN person AS p ON p.person_key = g.person_key
  JOIN procedures AS r ON r.child_key = g.person_key
  CROSS JOIN study AS t
  WHERE r.deadline_day >= t.start_day AND r.deadline_day <= t.end_day
) AS c
JOIN (
  SELECT
    grp, family_key, CASE
      WHEN MAX(visits) = 0 THEN 'never'
      WHEN MAX(CASE WHEN weeks > 0 AND week_visits >= weeks THEN 1 ELSE 0 END) = 1 THEN 'weekly'
      ELSE 'rare'
    END AS use
  FROM account
  WHERE population = 'all_accounts' AND period = 0
  GROUP BY grp, family_key
) AS f ON f.grp = c.grp AND f.family_key = c.family_key
GROUP BY c.grp, c.family_key, f.use
