-- table: session, per slice
-- reads: event, slice_scope, slice_scope_school
-- grain: one row per scope, part of a visit, service and feed
-- columns: person_key, mask, visit, part, service, feed, weight, start_ms, end_ms, stamp, first_device
-- Visits of one slice, by part, service and feed: a visit is a maximal run of events of one scope with gaps
-- of at most 1,800,000 ms, a part one with gaps of at most 900,000 ms; a failed login (action 3) is no event.
-- Events of one instant are in one visit, so no order among them matters. stamp is the local hour since 1970
-- of the first event (the least, if sources of two time zones share an instant).
SELECT
  n.person_key, n.mask, n.visit, n.part, n.service, n.feed,
  CAST(SUM(n.copies * n.weight) AS BIGINT) AS weight,
  MIN(n.ts_ms) AS start_ms,
  MAX(n.ts_ms) AS end_ms,
  MIN(n.stamp) AS stamp,
  MIN(n.first_device) AS first_device
FROM (
  SELECT
    f.*,
    CAST(SUM(CASE WHEN f.gap <= 1800000 THEN 0 ELSE 1 END) OVER so_far AS INTEGER) AS visit,
    CAST(SUM(CASE WHEN f.gap <= 900000 THEN 0 ELSE 1 END) OVER so_far AS INTEGER) AS part
  FROM (
    SELECT c.*, c.ts_ms - LAG(c.ts_ms) OVER (PARTITION BY c.person_key, c.mask ORDER BY c.ts_ms) AS gap
    FROM (
      SELECT
        s.mask, e.person_key, e.ts_ms, e.service, e.feed, e.copies, e.weight,
        e.local_date * 24 + e.local_hour AS stamp,
        CASE WHEN e.device > :device_unknown THEN e.ts_ms * 8 + e.device END AS first_device
      FROM event AS e
      JOIN slice_scope_school AS s ON s.person_key = e.person_key AND s.school_key = e.school_key
      WHERE e.action <> :action_login_failed
      UNION ALL
      SELECT
        s.mask, e.person_key, e.ts_ms, e.service, e.feed, e.copies, e.weight,
        e.local_date * 24 + e.local_hour AS stamp,
        CASE WHEN e.device > :device_unknown THEN e.ts_ms * 8 + e.device END AS first_device
      FROM event AS e
      JOIN slice_scope AS s ON s.person_key = e.person_key
      WHERE e.action <> :action_login_failed AND e.school_key = 0
    ) AS c
  ) AS f
  WINDOW so_far AS (
    PARTITION BY f.person_key, f.mask ORDER BY f.ts_ms RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  )
) AS n
GROUP BY n.person_key, n.mask, n.visit, n.part, n.service, n.feed
