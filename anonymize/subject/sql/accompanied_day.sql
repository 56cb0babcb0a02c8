-- The accompaniments from the start of the school year to the end of the window.
-- Parameters: those two days.
SELECT DISTINCT person_key, local_date, form, collective
FROM accompaniment
WHERE local_date >= ? AND local_date <= ?
