-- F6: which families does nothing reach in the window: no visit, no message opened,
-- no accompaniment? A family is one unit, counted once at the smallest of the
-- schools its persons are attributed to.
SELECT
  a.grp, 0 AS period, MIN(a.school_key) AS school_key, a.family_key,
  'F6.far' AS measure, 'families' AS population,
  CASE WHEN MAX(a.visits) = 0 AND COUNT(m.person_key) = 0 AND COUNT(r.person_key) = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
LEFT JOIN (SELECT DISTINCT person_key FROM message_received WHERE opened > 0) AS m ON m.person_key = a.person_key
LEFT JOIN (
  SELECT DISTINCT c.person_key
  FROM accompaniment AS c
  CROSS JOIN study AS t
  WHERE c.local_date >= t.start_day AND c.local_date <= t.end_day
) AS r ON r.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0
GROUP BY a.grp, a.family_key
