-- table: person
-- reads: member, people
-- args: activation_known, end
-- grain: one row per person with a school
-- columns: person_key, profile, family_key, created_day, activated, activated_day, email_known, social_band,
--   schools, school_key
-- Who is in the perimeter: persons of the directory with at least one school? activated is 1, 0, or -1 when
-- the directory has no activation day at all.
SELECT
  p.person_key, p.profile, p.family_key, p.created_day,
  CASE WHEN :activation_known = 0 THEN -1 WHEN p.activated_day >= 0 AND p.activated_day <= :end THEN 1 ELSE 0 END AS activated,
  p.activated_day, p.email_known, p.social_band, m.schools, m.school_key
FROM people AS p
JOIN (
  SELECT person_key, COUNT(*) AS schools, MIN(school_key) AS school_key
  FROM member
  GROUP BY person_key
) AS m ON m.person_key = p.person_key
WHERE p.created_day <= :end
