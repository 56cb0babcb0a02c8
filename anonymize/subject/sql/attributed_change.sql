-- table: attributed_change, per grouping
-- reads: attributed_pair, pair_change
-- grain: one row per group, person and whether the school changed
-- columns: grp, school_key, family_key, person_key, changed, before_days, before_two, after_days, after_two
-- N8: does deferred publication lower checking? Pairs open on both sides of the day.
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key, c.changed,
  CAST(SUM(c.before_days) AS BIGINT) AS before_days,
  CAST(SUM(c.before_two) AS BIGINT) AS before_two,
  CAST(SUM(c.after_days) AS BIGINT) AS after_days,
  CAST(SUM(c.after_two) AS BIGINT) AS after_two
FROM attributed_pair AS p
JOIN pair_change AS c ON c.person_key = p.person_key AND c.school_key = p.school_key
WHERE c.before_days > 0 AND c.after_days > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, c.changed
