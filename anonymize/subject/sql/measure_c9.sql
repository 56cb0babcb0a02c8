-- C9: in how many visits is a page read aloud or translated? Where a feed offers it.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'C9.visits' AS measure, 'active_accounts' AS population,
  COALESCE(v.aids, 0) AS x, a.visits AS y
FROM account AS a
JOIN offer AS f ON f.school_key = a.school_key AND f.service = 107
LEFT JOIN service_visit AS v ON v.person_key = a.person_key AND v.mask = a.mask
WHERE a.population = 'active_accounts' AND a.period = 0
