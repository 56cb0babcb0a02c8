-- table: pause_week, adds slice
-- reads: pause_visit
-- grain: one row per subject scope and pause with a counted visit
-- columns: person_key, mask, pause, visits
-- Visits of each subject scope in counted school weeks, for each pause.
SELECT person_key, mask, pause, COUNT(*) AS visits
FROM pause_visit
WHERE counted = 1
GROUP BY person_key, mask, pause
