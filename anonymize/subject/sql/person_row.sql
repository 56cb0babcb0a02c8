-- answer:
-- reads: accompanied, attribution, behaviour, grade, links, memberships, pair_measure, person
-- args: low, high
-- grain: one row per subject account of a covered school
-- columns: person_key, family_key, child_key, children, school_key, social_band, first_grade, last_grade,
--   activated, activated_day, accompanied, visits, weeks, week_visits, evening, known, phone, computer,
--   grade_visits, grade_weeks
-- The person table before it is generalised: one row per subject account whose primary school is covered.
SELECT
  a.person_key, p.family_key,
  COALESCE(k.child_key, a.person_key) AS child_key,
  COALESCE(k.children, 0) AS children, a.school_key, p.social_band,
  CAST(COALESCE(g.first_grade, 0) AS BIGINT) AS first_grade,
  CAST(COALESCE(g.last_grade, 0) AS BIGINT) AS last_grade,
  p.activated, p.activated_day,
  CASE WHEN r.person_key IS NOT NULL THEN 1 ELSE 0 END AS accompanied,
  b.visits, b.weeks, b.week_visits, b.h19 + b.h21 + b.h23 AS evening,
  b.known, b.phone, b.computer, COALESCE(n.visits, 0) AS grade_visits, COALESCE(n.weeks, 0) AS grade_weeks
FROM attribution AS a
JOIN person AS p ON p.person_key = a.person_key
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
LEFT JOIN (
  SELECT guardian_key, MIN(child_key) AS child_key, COUNT(DISTINCT child_key) AS children
  FROM links
  GROUP BY guardian_key
) AS k ON k.guardian_key = a.person_key
LEFT JOIN (
  SELECT m.person_key, m.school_key, MIN(o.position) AS first_grade, MAX(o.position) AS last_grade
  FROM memberships AS m
  JOIN grade AS o ON o.grade_level = m.grade_level
  GROUP BY m.person_key, m.school_key
) AS g ON g.person_key = a.person_key AND g.school_key = a.school_key
LEFT JOIN accompanied AS r ON r.person_key = a.person_key
LEFT JOIN (
  SELECT person_key, CAST(SUM(visits) AS BIGINT) AS visits, MAX(weeks) AS weeks
  FROM pair_measure
  GROUP BY person_key
) AS n ON n.person_key = a.person_key
WHERE a."grouping" = 'all' AND b.covered_weeks > 0 AND a.person_key >= :low AND a.person_key <= :high
ORDER BY a.person_key
