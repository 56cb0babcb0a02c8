-- table: reaction, adds slice
-- reads: pair_publication, pair_visit, step_bin
-- grain: one row per pair, step and event
-- columns: person_key, school_key, step, event, units
-- N4: how many hours after each publication did each pair of one slice open its grades, or could be seen not
-- to? step is the lower edge of the bin.
SELECT t.person_key, t.school_key, s.low AS step, t.event, COUNT(*) AS units
FROM (
  SELECT
    h.person_key, h.school_key, h.event,
    LEAST(CAST((h.waited - MOD(h.waited, 3600000)) / 3600000 AS BIGINT), 336) AS hours
  FROM (
    SELECT
      person_key, school_key,
      CASE WHEN opened_ms < until_ms THEN 1 ELSE 0 END AS event,
      GREATEST(CASE WHEN opened_ms < until_ms THEN opened_ms ELSE until_ms END - ts_ms, 0) AS waited
    FROM (
      SELECT
        m.*,
        COALESCE(MIN(m.opening_ms) OVER (
          PARTITION BY m.person_key, m.school_key
          ORDER BY m.ts_ms DESC
          RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ), 9223372036854775807) AS opened_ms
      FROM (
        SELECT person_key, school_key, ts_ms, until_ms, CAST(NULL AS BIGINT) AS opening_ms FROM pair_publication
        UNION ALL
        SELECT person_key, school_key, grade_ms AS ts_ms, 0 AS until_ms, grade_ms AS opening_ms FROM pair_visit
      ) AS m
    ) AS o
    WHERE opening_ms IS NULL
  ) AS h
) AS t
JOIN step_bin AS s ON s.curve = 'N4.first_view' AND s.step = t.hours
GROUP BY t.person_key, t.school_key, s.low, t.event
