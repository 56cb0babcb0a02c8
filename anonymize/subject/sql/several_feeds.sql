-- answer:
-- reads: viewed_twice
-- grain: one row for the slice
-- columns: n
-- How often do several feeds show one person's views of a service?
SELECT COUNT(*) AS n
FROM viewed_twice
