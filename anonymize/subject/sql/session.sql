-- Visits of one bucket, by service: a visit is a maximal run of events of one
-- scope with gaps of at most 1,800,000 ms; a failed login (action 3) is no event.
-- The first event carries the visit's day and hour.
SELECT
  n.person_key,
  n.mask,
  n.visit,
  n.service,
  CAST(SUM(n.copies) AS BIGINT) AS events,
  CAST(SUM(n.copies * n.weight) AS BIGINT) AS weight,
  MIN(n.ts_ms) AS start_ms,
  MAX(CASE WHEN n.opens = 1 THEN n.local_date END) AS local_date,
  MAX(CASE WHEN n.opens = 1 THEN n.local_hour END) AS local_hour,
  MIN(CASE WHEN n.device > 0 THEN n.ts_ms * 8 + n.device END) AS first_device
FROM (
  SELECT
    f.*,
    CAST(SUM(f.opens) OVER (
      PARTITION BY f.person_key, f.mask
      ORDER BY f.ts_ms, f.local_date, f.local_hour, f.service, f.action, f.device, f.feed, f.school_key, f.profile, f.weight, f.copies
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS INTEGER) AS visit
  FROM (
    SELECT
      c.*,
      CASE WHEN c.ts_ms - LAG(c.ts_ms) OVER (
        PARTITION BY c.person_key, c.mask
        ORDER BY c.ts_ms, c.local_date, c.local_hour, c.service, c.action, c.device, c.feed, c.school_key, c.profile, c.weight, c.copies
      ) <= 1800000 THEN 0 ELSE 1 END AS opens
    FROM (
      SELECT s.mask, e.*
      FROM event AS e
      JOIN bucket_scope_school AS s ON s.person_key = e.person_key AND s.school_key = e.school_key
      WHERE e.action <> 3
      UNION ALL
      SELECT s.mask, e.*
      FROM event AS e
      JOIN bucket_scope AS s ON s.person_key = e.person_key
      WHERE e.action <> 3 AND e.school_key = 0
    ) AS c
  ) AS f
) AS n
GROUP BY n.person_key, n.mask, n.visit, n.service
