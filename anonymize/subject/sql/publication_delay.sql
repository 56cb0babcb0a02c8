-- table: publication_delay, adds slice
-- reads: pair_publication, step_bin
-- grain: one row per pair and step
-- columns: person_key, school_key, step, units
-- N7: the publications to each pair of one slice by their days from the assessment; step is the lower edge of
-- the bin.
SELECT p.person_key, p.school_key, s.low AS step, COUNT(*) AS units
FROM pair_publication AS p
JOIN step_bin AS s ON s.curve = 'N7.delay' AND s.step = LEAST(p.local_date - p.assessed_day, 63)
WHERE p.assessed_day >= 0 AND p.local_date >= p.assessed_day
GROUP BY p.person_key, p.school_key, s.low
