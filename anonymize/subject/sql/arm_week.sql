-- table: arm_week
-- reads: accompanied, attribution, covered
-- grain: one row per school, week of a first accompaniment and week around it
-- columns: school_key, accompanied_week, week_day, side, distance
-- Which four covered school weeks stand before, and which four after, each week of a first accompaniment in a
-- school? Only where there are four of both. side 0 is before, 1 after;
-- distance counts them from that week.
SELECT r.school_key, r.accompanied_week, r.week_day, r.side, r.distance
FROM (
  SELECT n.*, COUNT(*) OVER (PARTITION BY n.school_key, n.accompanied_week) AS kept
  FROM (
    SELECT
      t.school_key, t.accompanied_week, c.week_day,
      CASE WHEN c.week_day < t.accompanied_week THEN 0 ELSE 1 END AS side,
      ROW_NUMBER() OVER (
        PARTITION BY t.school_key, t.accompanied_week, CASE WHEN c.week_day < t.accompanied_week THEN 0 ELSE 1 END
        ORDER BY ABS(c.week_day - t.accompanied_week)
      ) AS distance
    FROM (
      SELECT DISTINCT a.school_key, CAST(r.local_date - MOD(r.local_date + 3, 7) AS INTEGER) AS accompanied_week
      FROM accompanied AS r
      JOIN attribution AS a ON a.person_key = r.person_key AND a."grouping" = 'all'
    ) AS t
    JOIN covered AS c ON c.school_key = t.school_key AND c.covered = 1 AND c.week_day <> t.accompanied_week
  ) AS n
  WHERE n.distance <= 4
) AS r
WHERE r.kept = 8
