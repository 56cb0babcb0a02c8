-- answer:
-- reads: people, procedures
-- args: end
-- grain: one row per person and row of the register
-- columns: release_key, kind, deadline_day, done_day
-- Which procedures was each child concerned by, and when were they done?
SELECT
  p.release_key,
  CAST(r.kind AS BIGINT) AS kind,
  CAST(r.deadline_day AS BIGINT) AS deadline_day,
  CAST(CASE WHEN r.done_day > :end THEN -1 ELSE r.done_day END AS BIGINT) AS done_day
FROM procedures AS r
JOIN people AS p ON p.person_key = r.child_key
ORDER BY p.release_key
