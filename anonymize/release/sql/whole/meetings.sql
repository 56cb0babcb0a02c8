-- answer:
-- reads: meetings, people
-- args: end
-- grain: one row per meeting
-- columns: asked, joined, local_date, who
-- Who was asked to the same meeting?
SELECT
  COUNT(*) AS asked,
  CAST(SUM(m.joined) AS BIGINT) AS joined,
  CAST(MIN(m.local_date) AS BIGINT) AS local_date,
  CAST(SUM(MOD(COALESCE(p.release_key, 0), 1000000007)) AS BIGINT) AS who
FROM meetings AS m
LEFT JOIN people AS p ON p.person_key = m.person_key
WHERE m.local_date <= :end
GROUP BY m.meeting_key
