-- table: pair_behaviours
-- reads: checker, expectation, pair_measure
-- grain: one row per pair
-- columns: person_key, school_key, published, days, weeks, events, visits, empties, nights, days1, days2,
--   days3, days5, candidate, expected, very_frequent
-- The pairs with the verdict of N5: >= 3 grade visits on >= 25 % of the school days, >= 60 % empty checks,
-- and A_n >= 0.3 (the second bound) or >= 10 % of the visits at night.
SELECT
  b.*,
  COALESCE(e.expected, 0) AS expected, CASE
    WHEN c.person_key IS NOT NULL AND 4 * b.days3 >= b.days AND 5 * b.empties >= 3 * (b.visits - 1)
      AND (c.bounds >= 2 OR 10 * b.nights >= b.visits)
    THEN 1 ELSE 0
  END AS very_frequent
FROM pair_measure AS b
LEFT JOIN checker AS c ON c.person_key = b.person_key AND c.school_key = b.school_key
LEFT JOIN expectation AS e ON e.person_key = b.person_key AND e.school_key = b.school_key
