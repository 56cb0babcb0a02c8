-- C4: who opens the report book, who sees grades among the same, and who opens it
-- again another day?
SELECT
  grp, 0 AS period, school_key, family_key,
  'C4.opened' AS measure, 'concerned_accounts' AS population,
  MAX(CASE WHEN opened_day >= 0 THEN 1 ELSE 0 END) AS x, 1 AS y
FROM attributed_book
GROUP BY grp, school_key, family_key, person_key
UNION ALL
SELECT
  b.grp, 0 AS period, b.school_key, b.family_key,
  'C4.viewed_grades' AS measure, 'concerned_accounts' AS population,
  CASE WHEN v.grades > 0 THEN 1 ELSE 0 END AS x, 1 AS y
FROM (SELECT DISTINCT grp, school_key, family_key, person_key FROM attributed_book) AS b
JOIN offer AS f ON f.school_key = b.school_key AND f.service = 3
LEFT JOIN attributed_viewing AS v ON v.grp = b.grp AND v.person_key = b.person_key
UNION ALL
SELECT
  b.grp, 0 AS period, b.school_key, b.family_key,
  'C4.again' AS measure, 'concerned_accounts' AS population,
  CASE WHEN b.days >= 2 THEN 1 ELSE 0 END AS x, 1 AS y
FROM (
  SELECT a.grp, a.school_key, a.family_key, a.person_key, COUNT(DISTINCT o.local_date) AS days
  FROM (
    SELECT grp, school_key, family_key, person_key, MIN(opened_day) AS first_day
    FROM attributed_book
    WHERE opened_day >= 0
    GROUP BY grp, school_key, family_key, person_key
  ) AS a
  JOIN (SELECT DISTINCT grp, person_key, member_key FROM concerned_book) AS c ON c.grp = a.grp AND c.person_key = a.person_key
  JOIN opening AS o ON o.person_key = a.person_key AND o.local_date >= a.first_day
  WHERE o.school_key = c.member_key OR o.school_key = 0
  GROUP BY a.grp, a.school_key, a.family_key, a.person_key
) AS b
