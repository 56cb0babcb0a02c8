-- table: counted_weekday, per grouping
-- reads: attributed_pair, pair_weekday, weekdays
-- grain: one row per group, person with a grade visit and weekday
-- columns: grp, school_key, family_key, person_key, day_name, visits, h07, h09, h12, h14, h17, h19, h21, h23
-- The grade visits of every person, the sum over their pairs that have one, and those of each weekday by
-- hours.
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key, w.day_name,
  CAST(SUM(p.visits) AS BIGINT) AS visits,
  CAST(SUM(COALESCE(v.h07, 0)) AS BIGINT) AS h07,
  CAST(SUM(COALESCE(v.h09, 0)) AS BIGINT) AS h09,
  CAST(SUM(COALESCE(v.h12, 0)) AS BIGINT) AS h12,
  CAST(SUM(COALESCE(v.h14, 0)) AS BIGINT) AS h14,
  CAST(SUM(COALESCE(v.h17, 0)) AS BIGINT) AS h17,
  CAST(SUM(COALESCE(v.h19, 0)) AS BIGINT) AS h19,
  CAST(SUM(COALESCE(v.h21, 0)) AS BIGINT) AS h21,
  CAST(SUM(COALESCE(v.h23, 0)) AS BIGINT) AS h23
FROM attributed_pair AS p
CROSS JOIN weekdays AS w
LEFT JOIN pair_weekday AS v
  ON v.person_key = p.person_key AND v.school_key = p.school_key AND v.weekday = w.weekday
WHERE p.visits > 0
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key, w.day_name
