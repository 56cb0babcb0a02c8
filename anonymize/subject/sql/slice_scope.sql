-- table: slice_scope, per slice
-- reads: member, person, school, scope_school
-- args: low, high, one_school, subject
-- grain: one row per scope
-- columns: person_key, mask, school_key, profile, zone, open_day
-- The scopes of one slice of persons: primary school (the smallest key), its zone, and the first day the
-- scope is open.
SELECT p.person_key, x.mask, x.school_key, p.profile, s.zone, GREATEST(p.created_day, m.from_day) AS open_day
FROM (
  SELECT person_key, mask, MIN(school_key) AS school_key, COUNT(*) AS schools
  FROM scope_school
  GROUP BY person_key, mask
) AS x
JOIN person AS p ON p.person_key = x.person_key
JOIN member AS m ON m.person_key = x.person_key AND m.school_key = x.school_key
JOIN school AS s ON s.school_key = x.school_key
WHERE p.person_key >= :low AND p.person_key <= :high
  AND (:one_school = 0 OR p.profile = :subject AND x.schools = 1)
