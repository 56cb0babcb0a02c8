-- table: accompanied
-- reads: accompaniment
-- args: year_start, end
-- grain: one row per person with an accompaniment of the school year
-- columns: person_key, local_date, form
-- Who was accompanied from the start of the school year to the end of the window, when first, and in which
-- form (the smallest number, if several that day)?
SELECT a.person_key, a.local_date, MIN(a.form) AS form
FROM accompaniment AS a
JOIN (
  SELECT person_key, MIN(local_date) AS local_date
  FROM accompaniment
  WHERE local_date >= :year_start AND local_date <= :end
  GROUP BY person_key
) AS f ON f.person_key = a.person_key AND f.local_date = a.local_date
GROUP BY a.person_key, a.local_date
