-- The scopes of one slice of persons: primary school (the smallest key), its
-- zone, and the first day the scope is open. Parameters: first and last person
-- key; whether only the scopes of one school of the subjects are wanted; the
-- subject's profile.
SELECT
  p.person_key,
  x.mask,
  x.school_key,
  p.profile,
  s.zone,
  GREATEST(p.created_day, m.from_day) AS open_day
FROM (
  SELECT person_key, mask, MIN(school_key) AS school_key, COUNT(*) AS schools
  FROM scope_school
  GROUP BY person_key, mask
) AS x
JOIN person AS p ON p.person_key = x.person_key
JOIN member AS m ON m.person_key = x.person_key AND m.school_key = x.school_key
JOIN school AS s ON s.school_key = x.school_key
WHERE p.person_key >= ? AND p.person_key <= ?
  AND (? = 0 OR p.profile = ? AND x.schools = 1)
