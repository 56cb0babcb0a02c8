-- table: pair_measure, adds slice
-- reads: event, grade_visit, pair, pair_class, pair_day, publications
-- args: start, end
-- grain: one row per pair
-- columns: person_key, school_key, published, days, weeks, events, visits, empties, nights, days1, days2,
--   days3, days5, candidate
-- What did each pair do with grades? candidate is 1 when every condition holds that whole numbers decide in
-- the weakest cell of the grid of N5: what is left is the burstiness.
SELECT
  p.person_key, p.school_key,
  CASE WHEN COALESCE(b.publications, 0) > 0 THEN 1 ELSE 0 END AS published,
  COALESCE(d.days, 0) AS days, COALESCE(d.weeks, 0) AS weeks, COALESCE(e.events, 0) AS events,
  COALESCE(g.visits, 0) AS visits, COALESCE(g.empties, 0) AS empties, COALESCE(g.nights, 0) AS nights,
  COALESCE(y.days1, 0) AS days1, COALESCE(y.days2, 0) AS days2, COALESCE(y.days3, 0) AS days3,
  COALESCE(y.days5, 0) AS days5, CASE
    WHEN d.weeks >= 4 AND g.visits >= 20 AND 100 * COALESCE(y.days3, 0) >= 15 * d.days AND 2 * g.empties >= g.visits - 1
    THEN 1 ELSE 0
  END AS candidate
FROM pair AS p
LEFT JOIN (
  SELECT person_key, school_key, COUNT(*) AS days, COUNT(DISTINCT week_day) AS weeks
  FROM pair_day
  GROUP BY person_key, school_key
) AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
LEFT JOIN (
  SELECT c.person_key, c.school_key, COUNT(*) AS publications
  FROM pair_class AS c
  JOIN (
    SELECT DISTINCT school_key, class_key
    FROM publications
    WHERE local_date >= :start AND local_date <= :end
  ) AS u ON u.school_key = c.school_key AND u.class_key = c.class_key
  GROUP BY c.person_key, c.school_key
) AS b ON b.person_key = p.person_key AND b.school_key = p.school_key
LEFT JOIN (
  SELECT q.person_key, q.school_key, CAST(SUM(v.copies) AS BIGINT) AS events
  FROM event AS v
  JOIN pair_day AS q
    ON q.person_key = v.person_key AND q.local_date = v.local_date
    AND (v.school_key = q.school_key OR v.school_key = 0)
  WHERE v.service = :service_grades AND v.action <> :action_login_failed
  GROUP BY q.person_key, q.school_key
) AS e ON e.person_key = p.person_key AND e.school_key = p.school_key
LEFT JOIN (
  SELECT
    person_key, school_key,
    COUNT(*) AS visits,
    COUNT(CASE WHEN published = published_before THEN 1 END) AS empties,
    COUNT(CASE WHEN local_hour >= 23 OR local_hour < 6 THEN 1 END) AS nights
  FROM grade_visit
  GROUP BY person_key, school_key
) AS g ON g.person_key = p.person_key AND g.school_key = p.school_key
LEFT JOIN (
  SELECT
    person_key, school_key,
    COUNT(*) AS days1,
    COUNT(CASE WHEN visits >= 2 THEN 1 END) AS days2,
    COUNT(CASE WHEN visits >= 3 THEN 1 END) AS days3,
    COUNT(CASE WHEN visits >= 5 THEN 1 END) AS days5
  FROM (
    SELECT q.person_key, q.school_key, q.local_date, COUNT(*) AS visits
    FROM grade_visit AS v
    JOIN pair_day AS q
      ON q.person_key = v.person_key AND q.school_key = v.school_key AND q.local_date = v.local_date
    GROUP BY q.person_key, q.school_key, q.local_date
  ) AS z
  GROUP BY person_key, school_key
) AS y ON y.person_key = p.person_key AND y.school_key = p.school_key
