-- table: relative_week
-- reads: covered, matched
-- grain: one row per school, week of a first accompaniment and week around it
-- columns: school_key, accompanied_week, week_day, place, places
-- Which covered school weeks stand 4 to 1 before, and 1 to 8 after, each week of a first accompaniment in
-- which somebody was matched? place is -4 to -1 or 1 to 8; places is how many of these 12 there are.
SELECT
  school_key, accompanied_week, week_day,
  CASE WHEN week_day < accompanied_week THEN -distance ELSE distance END AS place,
  COUNT(*) OVER (PARTITION BY school_key, accompanied_week) AS places
FROM (
  SELECT
    t.school_key, t.accompanied_week, c.week_day,
    ROW_NUMBER() OVER (
      PARTITION BY t.school_key, t.accompanied_week, CASE WHEN c.week_day < t.accompanied_week THEN 0 ELSE 1 END
      ORDER BY ABS(c.week_day - t.accompanied_week)
    ) AS distance
  FROM (SELECT DISTINCT school_key, accompanied_week FROM matched) AS t
  JOIN covered AS c ON c.school_key = t.school_key AND c.covered = 1 AND c.week_day <> t.accompanied_week
) AS n
WHERE distance <= CASE WHEN week_day < accompanied_week THEN 4 ELSE 8 END
