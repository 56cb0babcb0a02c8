-- table: attributed_loan, per grouping
-- reads: attributed_family, covered, loan, person, person_week
-- grain: one row per group and family with a loan, or waiting for one
-- columns: grp, school_key, family_key, lent, visits_before, visits_after
-- The visits of the families with a loan, or that wait for one, in the 8 covered school weeks before the week
-- of the loan and the 8 after, at the smallest of the schools their persons are attributed to. Only where
-- there are 8 of both, after an account was opened.
SELECT
  w.grp, w.school_key, w.family_key, w.lent,
  CAST(SUM(CASE WHEN w.after = 0 THEN COALESCE(v.visits, 0) ELSE 0 END) AS BIGINT) AS visits_before,
  CAST(SUM(CASE WHEN w.after = 1 THEN COALESCE(v.visits, 0) ELSE 0 END) AS BIGINT) AS visits_after
FROM (
  SELECT
    n.*,
    COUNT(*) OVER (PARTITION BY n.grp, n.family_key) AS kept,
    MIN(n.week_day) OVER (PARTITION BY n.grp, n.family_key) AS first_week
  FROM (
    SELECT
      f.grp, f.school_key, f.family_key, f.created_day, l.lent, c.week_day,
      CASE WHEN c.week_day < l.week_day THEN 0 ELSE 1 END AS after,
      ROW_NUMBER() OVER (
        PARTITION BY f.grp, f.family_key, CASE WHEN c.week_day < l.week_day THEN 0 ELSE 1 END
        ORDER BY ABS(c.week_day - l.week_day)
      ) AS distance
    FROM attributed_family AS f
    JOIN loan AS l ON l.family_key = f.family_key
    JOIN covered AS c ON c.school_key = f.school_key AND c.covered = 1 AND c.week_day <> l.week_day
  ) AS n
  WHERE n.distance <= 8
) AS w
LEFT JOIN (
  SELECT p.family_key, k.week_day, SUM(k.visits) AS visits
  FROM person_week AS k
  JOIN person AS p ON p.person_key = k.person_key
  JOIN loan AS l ON l.family_key = p.family_key
  GROUP BY p.family_key, k.week_day
) AS v ON v.family_key = w.family_key AND v.week_day = w.week_day
WHERE w.kept = 16 AND w.created_day <= w.first_week
GROUP BY w.grp, w.school_key, w.family_key, w.lent
