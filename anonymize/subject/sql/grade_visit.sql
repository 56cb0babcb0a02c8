-- table: grade_visit, per slice
-- reads: pair_class, pair_visit, publications
-- grain: one row per pair and grade visit
-- columns: person_key, school_key, ts_ms, local_date, local_hour, published, published_before
-- The grade visits of each pair, each with the number of publications to the children's classes up to its
-- start (included) and up to the start of the one before: equal numbers are an empty check. A publication
-- that stands twice counts twice in both.
SELECT
  g.person_key, g.school_key, g.ts_ms, g.local_date, g.local_hour, g.published,
  LAG(g.published) OVER (PARTITION BY g.person_key, g.school_key ORDER BY g.ts_ms) AS published_before
FROM (
  SELECT
    m.*,
    CAST(SUM(m.publication) OVER (
      PARTITION BY m.person_key, m.school_key
      ORDER BY m.ts_ms
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS published
  FROM (
    SELECT person_key, school_key, start_ms AS ts_ms, local_date, local_hour, 0 AS publication
    FROM pair_visit
    UNION ALL
    SELECT c.person_key, c.school_key, b.ts_ms, 0 AS local_date, 0 AS local_hour, 1 AS publication
    FROM pair_class AS c
    JOIN publications AS b ON b.school_key = c.school_key AND b.class_key = c.class_key
    JOIN (
      SELECT person_key, school_key
      FROM pair_visit
      GROUP BY person_key, school_key
      HAVING COUNT(*) > 1
    ) AS v ON v.person_key = c.person_key AND v.school_key = c.school_key
  ) AS m
) AS g
WHERE g.publication = 0
