-- answer:
-- reads: pair_class, pair_measure, pair_visit, publications
-- args: low, high
-- grain: one row per pair and instant, of a grade visit or a publication
-- columns: person_key, school_key, ts_ms, clock_ms, publication
-- When did the pairs with at least ten grade visits come, and when was anything published to the children's
-- classes (publication 1)? clock_ms is the local clock of a visit, -1 for a publication.
SELECT m.person_key, m.school_key, m.ts_ms, m.clock_ms, m.publication
FROM (
  SELECT
    person_key, school_key, start_ms AS ts_ms,
    CAST(local_date AS BIGINT) * 86400000 + CAST(local_hour AS BIGINT) * 3600000 + MOD(start_ms, 3600000) AS clock_ms,
    0 AS publication
  FROM pair_visit
  UNION ALL
  SELECT c.person_key, c.school_key, b.ts_ms, -1 AS clock_ms, 1 AS publication
  FROM pair_class AS c
  JOIN publications AS b ON b.school_key = c.school_key AND b.class_key = c.class_key
) AS m
JOIN pair_measure AS p ON p.person_key = m.person_key AND p.school_key = m.school_key
WHERE p.visits >= 10 AND p.person_key >= :low AND p.person_key <= :high
ORDER BY m.person_key, m.school_key, m.ts_ms, m.publication
