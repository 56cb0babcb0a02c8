-- The grade visits of each pair in order, each with the number of publications
-- up to its start (included) and up to the start of the one before.
SELECT
  g.person_key,
  g.school_key,
  g.ts_ms,
  g.local_date,
  g.local_hour,
  g.published,
  LAG(g.published) OVER (PARTITION BY g.person_key, g.school_key ORDER BY g.ts_ms) AS published_before
FROM (
  SELECT
    m.*,
    CAST(SUM(m.publication) OVER (
      PARTITION BY m.person_key, m.school_key
      ORDER BY m.ts_ms, m.publication DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS published
  FROM (
    SELECT p.person_key, p.school_key, v.start_ms AS ts_ms, v.local_date, v.local_hour, 0 AS publication
    FROM visit AS v
    JOIN pair AS p ON p.person_key = v.person_key AND p.mask = v.mask
    WHERE v.grades = 1
    UNION ALL
    SELECT person_key, school_key, ts_ms, local_date, 0, 1
    FROM pair_publication
  ) AS m
) AS g
WHERE g.publication = 0
