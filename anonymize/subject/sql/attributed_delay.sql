-- table: attributed_delay, per grouping
-- reads: attributed_pair, delay
-- grain: one row per group, person and whether the school was trained
-- columns: grp, school_key, family_key, person_key, trained, days_early, early, days_before, before, days_after, after
-- A5: do grades come sooner after the staff of a school was trained? A person brings the publications to the
-- classes of the children.
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key, d.trained,
  CAST(SUM(d.days_early) AS BIGINT) AS days_early,
  CAST(SUM(d.early) AS BIGINT) AS early,
  CAST(SUM(d.days_before) AS BIGINT) AS days_before,
  CAST(SUM(d.before) AS BIGINT) AS before,
  CAST(SUM(d.days_after) AS BIGINT) AS days_after,
  CAST(SUM(d.after) AS BIGINT) AS after
FROM attributed_pair AS p
JOIN delay AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, d.trained
