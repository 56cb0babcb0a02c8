-- table: several
-- reads: member, member_grade, person, school, school_group
-- grain: one row per person, group and school
-- columns: person_key, grouping, grp, school_key, mask
-- For persons of several schools, or with a social band of their own: which of their schools make each of
-- their groups? mask names the set of schools.
SELECT
  g.person_key, g."grouping", g.grp, g.school_key,
  CAST(SUM(g.bit) OVER (PARTITION BY g.person_key, g."grouping", g.grp) AS BIGINT) AS mask
FROM (
  SELECT m.person_key, s."grouping", s.grp, m.school_key, m.bit
  FROM member AS m
  JOIN person AS p ON p.person_key = m.person_key
  JOIN school_group AS s ON s.school_key = m.school_key
  WHERE (p.schools > 1 OR p.social_band > 0)
    AND (s."grouping" NOT IN ('ips_band', 'stratum') OR p.social_band <= 0)
  UNION ALL
  SELECT m.person_key, 'ips_band', CAST(p.social_band AS VARCHAR(20)), m.school_key, m.bit
  FROM member AS m
  JOIN person AS p ON p.person_key = m.person_key
  WHERE p.social_band > 0
  UNION ALL
  SELECT m.person_key, 'stratum', s.level || ' ' || CAST(p.social_band AS VARCHAR(20)), m.school_key, m.bit
  FROM member AS m
  JOIN person AS p ON p.person_key = m.person_key
  JOIN school AS s ON s.school_key = m.school_key
  WHERE p.social_band > 0 AND s.level <> ''
  UNION ALL
  SELECT m.person_key, 'grade', o.grade_level, m.school_key, m.bit
  FROM member AS m
  JOIN person AS p ON p.person_key = m.person_key
  JOIN member_grade AS o ON o.person_key = m.person_key AND o.school_key = m.school_key
  WHERE p.schools > 1 OR p.social_band > 0
) AS g
