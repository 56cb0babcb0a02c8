-- table: third_failure, adds slice
-- reads: event
-- grain: one row per person with three failures
-- columns: person_key, local_date, successes
-- When did each person of one slice fail to sign in for the third time in the window, and how often did they
-- succeed within the 7 days after?
SELECT t.person_key, t.local_date, COUNT(s.person_key) AS successes
FROM (
  SELECT person_key, MIN(ts_ms) AS ts_ms, MIN(local_date) AS local_date
  FROM (
    SELECT
      person_key, ts_ms, local_date,
      SUM(copies) OVER (
        PARTITION BY person_key
        ORDER BY ts_ms
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS failures
    FROM event
    WHERE action = :action_login_failed
  ) AS f
  WHERE failures >= 3
  GROUP BY person_key
) AS t
LEFT JOIN event AS s
  ON s.person_key = t.person_key AND s.action = :action_login AND s.ts_ms >= t.ts_ms AND s.ts_ms <= t.ts_ms + 604800000
GROUP BY t.person_key, t.local_date
