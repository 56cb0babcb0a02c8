-- Who was accompanied from the start of the school year to the end of the window,
-- and first when? Parameters: those two days.
SELECT person_key, MIN(local_date) AS local_date
FROM accompaniment
WHERE local_date >= ? AND local_date <= ?
GROUP BY person_key
