-- table: attributed_grade, per grouping
-- reads: grouped, person, scope_school, seen_grade
-- grain: one row per group and pupil with a published grade
-- columns: grp, school_key, person_key, family_key, published, seen, parent_first, parent_first_high,
--   pupil_first, together
-- The pupils with a published grade at the school they are attributed to in each group of the grouping.
SELECT
  a.grp, a.school_key, a.person_key, MAX(p.family_key) AS family_key,
  CAST(SUM(g.published) AS BIGINT) AS published,
  CAST(SUM(g.seen) AS BIGINT) AS seen,
  CAST(SUM(g.parent_first) AS BIGINT) AS parent_first,
  CAST(SUM(g.parent_first_high) AS BIGINT) AS parent_first_high,
  CAST(SUM(g.pupil_first) AS BIGINT) AS pupil_first,
  CAST(SUM(g.together) AS BIGINT) AS together
FROM grouped AS a
JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
JOIN seen_grade AS g ON g.person_key = a.person_key AND g.school_key = s.school_key
JOIN person AS p ON p.person_key = a.person_key
GROUP BY a.grp, a.school_key, a.person_key
