-- R2: where do codes block? Who failed a third time less than 7 days before the end
-- and did not succeed since is in neither part of R2.blocked.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'R2.failures' AS measure, 'attempting_accounts' AS population,
  s.failures AS x, s.successes AS y
FROM account AS a
JOIN signing_in AS s ON s.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'R2.blocked' AS measure, 'attempting_accounts' AS population,
  CASE WHEN t.successes = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
JOIN signing_in AS s ON s.person_key = a.person_key
CROSS JOIN study AS w
LEFT JOIN third_failure AS t ON t.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0
  AND (t.person_key IS NULL OR t.successes > 0 OR t.local_date + 7 <= w.end_day)
