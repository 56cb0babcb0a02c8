-- answer:
-- reads: record
-- args: start, end
-- grain: one row for the bucket
-- columns: records_in_window, records_outside_window
-- How many records lie within the window, how many outside?
SELECT
  COUNT(CASE WHEN local_date BETWEEN :start AND :end THEN 1 END) AS records_in_window,
  COUNT(CASE WHEN local_date < :start OR local_date > :end THEN 1 END) AS records_outside_window
FROM record
