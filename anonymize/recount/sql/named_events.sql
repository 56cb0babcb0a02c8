-- answer:
-- reads: record
-- args: start, end
-- grain: one row for the bucket
-- columns: events
-- How many events have an identifier of their own? Each counts once, whatever the number of deliveries.
SELECT COUNT(DISTINCT event_key) AS events
FROM record
WHERE event_key <> 0 AND local_date BETWEEN :start AND :end
