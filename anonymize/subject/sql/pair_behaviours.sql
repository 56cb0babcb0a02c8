-- The pairs with the verdict of N5: the integer conditions, and burstiness or night.
SELECT
  b.*,
  CASE WHEN c.person_key IS NOT NULL THEN 1 ELSE 0 END AS very_frequent
FROM pair_measure AS b
LEFT JOIN checker AS c ON c.person_key = b.person_key AND c.school_key = b.school_key
