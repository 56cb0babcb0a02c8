-- table: attributed_excitation, per grouping
-- reads: attributed_pair, expectation
-- grain: one row per group and person with a pair of twenty grade visits over four weeks
-- columns: grp, school_key, family_key, person_key, pairs, branching, exciting, half_life
-- N5: do the grade visits of the frequent bring each other? The sum over their pairs; half_life of those that
-- the null does not explain.
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key,
  COUNT(*) AS pairs,
  CAST(SUM(e.branching) AS BIGINT) AS branching,
  CAST(SUM(e.exciting) AS BIGINT) AS exciting,
  CAST(SUM(CASE WHEN e.exciting = 1 THEN e.half_life ELSE 0 END) AS BIGINT) AS half_life
FROM attributed_pair AS p
JOIN expectation AS e ON e.person_key = p.person_key AND e.school_key = p.school_key
WHERE e.branching >= 0 AND p.weeks >= 4
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
