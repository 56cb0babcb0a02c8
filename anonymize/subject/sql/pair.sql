-- table: pair, per slice
-- reads: covered, member, person, school
-- args: subject, low, high
-- grain: one row per subject and school with grade-covered weeks
-- columns: person_key, school_key, mask, zone, open_day
-- The pairs subject × school of one slice where the school has grade-covered weeks; mask is the scope of that
-- school alone.
SELECT p.person_key, m.school_key, m.bit AS mask, s.zone, GREATEST(p.created_day, m.from_day) AS open_day
FROM member AS m
JOIN person AS p ON p.person_key = m.person_key
JOIN school AS s ON s.school_key = m.school_key
JOIN (SELECT school_key FROM covered WHERE grades = 1 GROUP BY school_key) AS c ON c.school_key = m.school_key
WHERE p.profile = :subject AND p.person_key >= :low AND p.person_key <= :high
