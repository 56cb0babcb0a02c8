-- answer:
-- reads: loans, people
-- args: end
-- grain: one row per person and row of the register
-- columns: release_key, requested_day, start_day, end_day
-- Which children asked for a loan, and had it until when?
SELECT
  p.release_key,
  CAST(r.requested_day AS BIGINT) AS requested_day,
  CAST(CASE WHEN r.start_day > :end THEN -1 ELSE r.start_day END AS BIGINT) AS start_day,
  CAST(CASE WHEN r.end_day > :end THEN -1 ELSE r.end_day END AS BIGINT) AS end_day
FROM loans AS r
JOIN people AS p ON p.person_key = r.child_key
WHERE r.requested_day <= :end
ORDER BY p.release_key
