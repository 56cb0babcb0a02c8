-- answer:
-- reads: links, people
-- args: 
-- grain: one row per guardian and child
-- columns: release_key, child, legal_rank
-- Whose guardian is each person, and of which rank?
SELECT
  p.release_key,
  c.release_key AS child,
  CAST(r.legal_rank AS BIGINT) AS legal_rank
FROM links AS r
JOIN people AS p ON p.person_key = r.guardian_key
JOIN people AS c ON c.person_key = r.child_key
ORDER BY p.release_key
