-- table: readiness, per grouping
-- reads: account, concern, deadline, deadline_visit, grade, memberships, school, scope_school
-- grain: one row per group, account and deadline
-- columns: grp, school_key, family_key, person_key, deadline, seen30, seen7, seen0, ready30, ready7, ready0,
--   event, step
-- Which accounts does each deadline concern, and were they ready? In a group that is a grade level, those of
-- a child of that grade level.
SELECT
  c.grp, c.school_key, c.family_key, c.person_key, c.deadline, c.seen30, c.seen7, c.seen0,
  COALESCE(v.ready30, 0) AS ready30, COALESCE(v.ready7, 0) AS ready7, COALESCE(v.ready0, 0) AS ready0,
  CASE WHEN v.first_day >= 0 THEN 1 ELSE 0 END AS event,
  CASE WHEN v.first_day >= 0 THEN v.first_day - c.day + 60 ELSE 60 END AS step
FROM (
  SELECT DISTINCT
    a.grp, a.school_key, a.family_key, a.person_key, a.mask, d.deadline, d.day, d.seen30, d.seen7, d.seen0
  FROM account AS a
  JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
  JOIN school AS h ON h.school_key = s.school_key
  JOIN memberships AS m ON m.person_key = a.person_key AND m.school_key = s.school_key
  LEFT JOIN grade AS g ON g.grade_level = a.grp
  JOIN concern AS c ON (c.level = '' OR c.level = h.level) AND (c.grade_level = '' OR c.grade_level = m.grade_level)
  JOIN deadline AS d ON d.deadline = c.deadline
  WHERE a.population = 'all_accounts' AND a.period = 0 AND a.activated >= 0
    AND (g.grade_level IS NULL OR g.grade_level = m.grade_level)
    AND m.from_day <= d.day AND (m.to_day < 0 OR m.to_day >= d.day)
) AS c
LEFT JOIN deadline_visit AS v ON v.person_key = c.person_key AND v.mask = c.mask AND v.deadline = c.deadline
