-- Visits of each subject scope in counted school weeks, for each pause.
SELECT person_key, mask, pause, COUNT(*) AS visits
FROM pause_visit
WHERE counted = 1
GROUP BY person_key, mask, pause
