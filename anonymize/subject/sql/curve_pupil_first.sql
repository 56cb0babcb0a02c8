-- view: unit, per grouping
-- reads: first_opener, grouped, scope_school
-- grain: one row per pupil, school, step and opener
-- columns: grp, school_key, person_key, step, event, units
-- N6: hours from each publication until the pupil opens first, or both together; the other opening takes the
-- unit away.
SELECT a.grp, a.school_key, a.person_key, f.step, CASE WHEN f.opener = 2 THEN 1 ELSE 0 END AS event, f.units
FROM grouped AS a
JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
JOIN first_opener AS f ON f.person_key = a.person_key AND f.school_key = s.school_key
