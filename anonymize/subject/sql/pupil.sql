-- Which pupil scopes hold a visit that a parent may have made?
SELECT person_key, mask, COUNT(*) AS visits, MAX(strict) AS strict, MAX(loose) AS loose
FROM pupil_visit
GROUP BY person_key, mask
