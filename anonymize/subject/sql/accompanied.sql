-- Who was accompanied from the start of the school year to the end of the window,
-- when first, and in which form (the smallest number, if several that day)?
-- Parameters: those two days.
SELECT a.person_key, a.local_date, MIN(a.form) AS form
FROM accompaniment AS a
JOIN (
  SELECT person_key, MIN(local_date) AS local_date
  FROM accompaniment
  WHERE local_date >= ? AND local_date <= ?
  GROUP BY person_key
) AS f ON f.person_key = a.person_key AND f.local_date = a.local_date
GROUP BY a.person_key, a.local_date
