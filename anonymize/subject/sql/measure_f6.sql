-- F6: which families does nothing reach in the window: no visit, no message opened,
-- no accompaniment, of any guardian and in any school? A family is one unit, counted
-- once at the smallest of the schools its persons are attributed to.
SELECT
  a.grp, 0 AS period, MIN(a.school_key) AS school_key, a.family_key,
  'F6.far' AS measure, 'families' AS population,
  CASE WHEN COUNT(f.family_key) = 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM account AS a
LEFT JOIN (
  SELECT DISTINCT p.family_key
  FROM attribution AS t
  JOIN person AS p ON p.person_key = t.person_key
  JOIN (
    SELECT person_key
    FROM behaviour
    WHERE period = 0 AND visits > 0
    UNION
    SELECT person_key
    FROM message_received
    WHERE opened > 0
    UNION
    SELECT c.person_key
    FROM accompaniment AS c
    CROSS JOIN study AS w
    WHERE c.local_date >= w.start_day AND c.local_date <= w.end_day
  ) AS r ON r.person_key = t.person_key
  WHERE t.grouping = 'all'
) AS f ON f.family_key = a.family_key
WHERE a.population = 'all_accounts' AND a.period = 0
GROUP BY a.grp, a.family_key
