-- table: attributed_pair, per grouping
-- reads: grouped, pair_behaviours, person, scope_school
-- grain: one row per group and pair with a published grade
-- columns: grp, attributed_key, family_key, person_key, school_key, published, days, weeks, events, visits,
--   empties, nights, days1, days2, days3, days5, candidate, expected, very_frequent
-- The pairs with a published grade, at the school their person is attributed to in each group of the
-- grouping.
SELECT a.grp, a.school_key AS attributed_key, p.family_key, b.*
FROM grouped AS a
JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
JOIN pair_behaviours AS b ON b.person_key = a.person_key AND b.school_key = s.school_key
JOIN person AS p ON p.person_key = a.person_key
WHERE b.published = 1
