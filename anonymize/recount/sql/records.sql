-- How many records lie within the window, how many outside? Parameters: first
-- and last day of the window.
SELECT
  COUNT(CASE WHEN local_date BETWEEN $1 AND $2 THEN 1 END) AS records_in_window,
  COUNT(CASE WHEN local_date < $1 OR local_date > $2 THEN 1 END) AS records_outside_window
FROM record
