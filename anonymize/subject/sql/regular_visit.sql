-- answer:
-- reads: dated_visit
-- grain: one row per regular scope and visit
-- columns: person_key, mask, start_ms, weekday
-- When did each subject scope of one slice with at least ten visits visit?
SELECT v.person_key, v.mask, v.start_ms, v.weekday
FROM dated_visit AS v
JOIN (
  SELECT person_key, mask
  FROM dated_visit
  GROUP BY person_key, mask
  HAVING COUNT(*) >= 10
) AS r ON r.person_key = v.person_key AND r.mask = v.mask
ORDER BY v.person_key, v.mask, v.start_ms
