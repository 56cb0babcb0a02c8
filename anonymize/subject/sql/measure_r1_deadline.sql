-- R1: who is ready 30 days before the declared deadlines, 7 days before, and on the day?
SELECT
  grp, 0 AS period, school_key, family_key,
  'R1.ready.D30' AS measure, 'concerned_accounts' AS population,
  CAST(SUM(ready30) AS BIGINT) AS x, COUNT(*) AS y
FROM readiness
WHERE seen30 = 1
GROUP BY grp, school_key, family_key, person_key
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'R1.ready.D7' AS measure, 'concerned_accounts' AS population,
  CAST(SUM(ready7) AS BIGINT) AS x, COUNT(*) AS y
FROM readiness
WHERE seen7 = 1
GROUP BY grp, school_key, family_key, person_key
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'R1.ready.D0' AS measure, 'concerned_accounts' AS population,
  CAST(SUM(ready0) AS BIGINT) AS x, COUNT(*) AS y
FROM readiness
WHERE seen0 = 1
GROUP BY grp, school_key, family_key, person_key
