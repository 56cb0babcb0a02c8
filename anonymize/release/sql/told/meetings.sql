-- answer:
-- reads: meetings, people
-- args: end
-- grain: one row per person and row of the register
-- columns: release_key, local_date, joined
-- Who was asked to a meeting, and joined it?
SELECT
  p.release_key,
  CAST(r.local_date AS BIGINT) AS local_date,
  CAST(r.joined AS BIGINT) AS joined
FROM meetings AS r
JOIN people AS p ON p.person_key = r.person_key
WHERE r.local_date <= :end
ORDER BY p.release_key
