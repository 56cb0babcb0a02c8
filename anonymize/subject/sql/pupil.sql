-- table: pupil, adds slice
-- reads: pupil_visit
-- grain: one row per pupil scope with a visit
-- columns: person_key, mask, visits, strict, loose
-- Which pupil scopes hold a visit that a parent may have made?
SELECT person_key, mask, COUNT(*) AS visits, MAX(strict) AS strict, MAX(loose) AS loose
FROM pupil_visit
GROUP BY person_key, mask
