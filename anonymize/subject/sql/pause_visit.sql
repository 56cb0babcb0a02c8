-- table: pause_visit, per slice
-- reads: covered, day, session, slice_scope, visit
-- args: subject
-- grain: one row per subject scope, pause and visit
-- columns: person_key, mask, pause, local_date, grades, counted, week_day
-- The visits of the subjects of one slice if the pause that ends one were 15 minutes, or 60: their day,
-- whether their week counts, whether they hold a grade event. A shorter pause cuts visits in parts, a longer
-- one joins them.
SELECT
  q.person_key, q.mask, q.pause, q.local_date, q.grades,
  CASE WHEN c.week_day IS NOT NULL THEN 1 ELSE 0 END AS counted,
  d.week_day
FROM (
  SELECT person_key, mask, 15 AS pause, local_date, grades
  FROM visit
  WHERE profile = :subject AND parts = 1
  UNION ALL
  SELECT person_key, mask, 15 AS pause, CAST((stamp - MOD(stamp, 24)) / 24 AS INTEGER) AS local_date, grades
  FROM (
    SELECT e.person_key, e.mask, e.part, MIN(e.stamp) AS stamp, MAX(CASE WHEN e.service = :service_grades THEN 1 ELSE 0 END) AS grades
    FROM session AS e
    JOIN visit AS s ON s.person_key = e.person_key AND s.mask = e.mask AND s.visit = e.visit
    WHERE s.profile = :subject AND s.parts > 1
    GROUP BY e.person_key, e.mask, e.part
  ) AS s
  UNION ALL
  SELECT person_key, mask, 60 AS pause, MIN(local_date) AS local_date, MAX(grades) AS grades
  FROM (
    SELECT
      o.*,
      SUM(o.opens) OVER (
        PARTITION BY o.person_key, o.mask
        ORDER BY o.start_ms
        RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS run
    FROM (
      SELECT
        person_key, mask, start_ms, local_date, grades,
        CASE WHEN start_ms - LAG(end_ms) OVER (PARTITION BY person_key, mask ORDER BY start_ms) <= 3600000 THEN 0 ELSE 1 END AS opens
      FROM visit
      WHERE profile = :subject
    ) AS o
  ) AS r
  GROUP BY person_key, mask, run
) AS q
JOIN slice_scope AS x ON x.person_key = q.person_key AND x.mask = q.mask
JOIN day AS d ON d.zone = x.zone AND d.local_date = q.local_date
LEFT JOIN covered AS c
  ON c.school_key = x.school_key AND c.week_day = d.week_day AND c.covered = 1 AND c.week_day >= x.open_day
