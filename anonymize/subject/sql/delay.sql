-- table: delay, adds slice
-- reads: class_delay, pair_class
-- grain: one row per pair with a publication
-- columns: person_key, school_key, trained, days_early, early, days_before, before, days_after, after
-- The delays of publication that each pair of one slice met.
SELECT
  c.person_key, c.school_key,
  MAX(d.trained) AS trained,
  CAST(SUM(d.days_early) AS BIGINT) AS days_early,
  CAST(SUM(d.early) AS BIGINT) AS early,
  CAST(SUM(d.days_before) AS BIGINT) AS days_before,
  CAST(SUM(d.before) AS BIGINT) AS before,
  CAST(SUM(d.days_after) AS BIGINT) AS days_after,
  CAST(SUM(d.after) AS BIGINT) AS after
FROM pair_class AS c
JOIN class_delay AS d ON d.school_key = c.school_key AND d.class_key = c.class_key
GROUP BY c.person_key, c.school_key
