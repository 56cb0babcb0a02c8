-- When did the candidates of N5 check their grades?
-- Parameters: first and last person key.
SELECT
  v.person_key,
  CAST(v.school_key AS BIGINT) AS school_key,
  v.ts_ms
FROM grade_visit AS v
JOIN pair_measure AS b ON b.person_key = v.person_key AND b.school_key = v.school_key
WHERE b.candidate = 1 AND b.person_key >= ? AND b.person_key <= ?
ORDER BY v.person_key, v.school_key, v.ts_ms
