-- table: viewed_once, per slice
-- reads: distinct_event, viewed_twice
-- grain: one row per event, with its copies
-- columns: person_key, ts_ms, local_date, local_hour, school_key, service, action, device, weight, feed,
--   child_key, copies
-- The events of one slice, a view that two instruments saw counted once: the application's own events and the
-- log of its front, whose clocks are not one. Views of a service by a person, each at most 2,000 ms after the
-- one before, are one burst: of its feeds the one counts that shows most (of equals one that names the
-- school, then the first). The others stay, for what else they tell, without a copy.
SELECT
  e.person_key, e.ts_ms, e.local_date, e.local_hour, e.school_key,
  e.service, e.action, e.device, e.weight, e.feed, e.child_key, e.copies
FROM distinct_event AS e
LEFT JOIN viewed_twice AS t ON t.person_key = e.person_key AND t.service = e.service
WHERE t.person_key IS NULL OR e.action <> :action_access
UNION ALL
SELECT
  r.person_key, r.ts_ms, r.local_date, r.local_hour, r.school_key,
  r.service, r.action, r.device, r.weight, r.feed, r.child_key,
  CASE WHEN r.claim = MAX(r.claim) OVER (PARTITION BY r.person_key, r.service, r.burst) THEN r.copies ELSE 0 END AS copies
FROM (
  SELECT
    b.*,
    1024 * SUM(b.copies) OVER (PARTITION BY b.person_key, b.service, b.burst, b.feed)
    + 512 * MAX(CASE WHEN b.school_key <> 0 THEN 1 ELSE 0 END) OVER (PARTITION BY b.person_key, b.service, b.burst, b.feed)
    - b.feed AS claim
  FROM (
    SELECT
      g.*,
      SUM(CASE WHEN g.gap <= 2000 THEN 0 ELSE 1 END) OVER (
        PARTITION BY g.person_key, g.service
        ORDER BY g.ts_ms
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS burst
    FROM (
      SELECT e.*, e.ts_ms - LAG(e.ts_ms) OVER (PARTITION BY e.person_key, e.service ORDER BY e.ts_ms) AS gap
      FROM distinct_event AS e
      JOIN viewed_twice AS t ON t.person_key = e.person_key AND t.service = e.service
      WHERE e.action = :action_access
    ) AS g
  ) AS b
) AS r
