-- M2: when does staff write? Teachers and administration together (profiles 2, 4).
SELECT
  g.grp, 0 AS period, g.school_key, p.family_key,
  'M2.staff.outside' AS measure, 'staff' AS population,
  CAST(SUM(m.outside) AS BIGINT) AS x, CAST(SUM(m.messages) AS BIGINT) AS y
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile IN (2, 4)
JOIN scope_school AS s ON s.person_key = g.person_key AND s.mask = g.mask
JOIN message_sent AS m ON m.person_key = g.person_key AND m.school_key = s.school_key
GROUP BY g.grp, g.school_key, p.family_key, g.person_key
UNION ALL
SELECT
  g.grp, 0 AS period, g.school_key, p.family_key,
  'M2.staff.night' AS measure, 'staff' AS population,
  CAST(SUM(m.night) AS BIGINT) AS x, CAST(SUM(m.messages) AS BIGINT) AS y
FROM grouped AS g
JOIN person AS p ON p.person_key = g.person_key AND p.profile IN (2, 4)
JOIN scope_school AS s ON s.person_key = g.person_key AND s.mask = g.mask
JOIN message_sent AS m ON m.person_key = g.person_key AND m.school_key = s.school_key
GROUP BY g.grp, g.school_key, p.family_key, g.person_key
