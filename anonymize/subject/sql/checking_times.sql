-- answer:
-- reads: grade_visit, pair_measure
-- args: low, high
-- grain: one row per pair and grade visit
-- columns: person_key, school_key, ts_ms
-- When did the candidates of N5 check their grades?
SELECT v.person_key, v.school_key, v.ts_ms
FROM grade_visit AS v
JOIN pair_measure AS b ON b.person_key = v.person_key AND b.school_key = v.school_key
WHERE b.candidate = 1 AND b.person_key >= :low AND b.person_key <= :high
ORDER BY v.person_key, v.school_key, v.ts_ms
