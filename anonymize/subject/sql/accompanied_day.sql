-- table: accompanied_day
-- reads: accompaniment
-- args: year_start, end
-- grain: one row per person, day, form and kind of accompaniment
-- columns: person_key, local_date, form, collective
-- The accompaniments from the start of the school year to the end of the window.
SELECT DISTINCT person_key, local_date, form, collective
FROM accompaniment
WHERE local_date >= :year_start AND local_date <= :end
