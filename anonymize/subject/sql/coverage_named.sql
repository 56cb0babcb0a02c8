-- In which weeks did a feed report for the schools its records name?
-- Parameters: first and last day of the window,
-- first and last person key.
SELECT DISTINCT
  e.school_key,
  e.feed,
  e.service,
  CAST(e.local_date - MOD(e.local_date + 3, 7) AS INTEGER) AS week_day
FROM raw_event AS e
JOIN school AS s ON s.school_key = e.school_key
WHERE e.local_date >= ? AND e.local_date <= ? AND e.person_key >= ? AND e.person_key <= ?
