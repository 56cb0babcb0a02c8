-- R3: whom can nobody reach? -1 is a directory that does not say.
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'R3.no_email' AS measure, 'all_accounts' AS population,
  CASE WHEN p.email_known = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
JOIN people AS p ON p.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0 AND p.email_known >= 0
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'R3.no_phone' AS measure, 'all_accounts' AS population,
  CASE WHEN p.phone_known = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
JOIN people AS p ON p.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0 AND p.phone_known >= 0
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'R3.neither' AS measure, 'all_accounts' AS population,
  CASE WHEN p.email_known = 0 AND p.phone_known = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
JOIN people AS p ON p.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0 AND p.email_known >= 0 AND p.phone_known >= 0
