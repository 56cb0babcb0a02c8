-- answer:
-- reads: people
-- args:
-- grain: one row per person
-- columns: release_key, family
-- Who is of one family? It is told by one of them: links of persons who are not studied, or object, join families too.
SELECT r.release_key, MIN(r.release_key) OVER (PARTITION BY r.family_key) AS family
FROM people AS r
ORDER BY r.release_key
