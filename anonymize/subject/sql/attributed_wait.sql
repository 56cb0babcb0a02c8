-- table: attributed_wait, per grouping
-- reads: attributed_pair, publication_wait
-- grain: one row per group and person with a pair that was published
-- columns: grp, school_key, family_key, person_key, days, assessed, after_return, returned
-- N7: how long after the assessment are grades published, and after the copies?
SELECT
  p.grp, p.attributed_key AS school_key, p.family_key, p.person_key,
  CAST(SUM(w.days) AS BIGINT) AS days,
  CAST(SUM(w.assessed) AS BIGINT) AS assessed,
  CAST(SUM(w.after_return) AS BIGINT) AS after_return,
  CAST(SUM(w.returned) AS BIGINT) AS returned
FROM attributed_pair AS p
JOIN publication_wait AS w ON w.person_key = p.person_key AND w.school_key = p.school_key
GROUP BY p.grp, p.attributed_key, p.family_key, p.person_key
