-- How many events have an identifier of their own? Each counts once, whatever
-- the number of deliveries. Parameters: first and last day of the window.
SELECT COUNT(DISTINCT event_key) AS events
FROM record
WHERE event_key <> 0 AND local_date BETWEEN $1 AND $2
