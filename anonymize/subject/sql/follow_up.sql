-- table: follow_up
-- reads: covered, study
-- grain: one row per school and grade-covered week
-- columns: school_key, week_day, until_day
-- Until which day, not included, can the openings of what is published in a grade-covered week be seen? Up to
-- the next school week of the school in which its feeds say nothing of grades, or to the end of the window.
SELECT c.school_key, c.week_day, COALESCE(c.silent_day, t.end_day + 1) AS until_day
FROM (
  SELECT
    school_key, week_day, grades,
    MIN(CASE WHEN grades = 0 THEN week_day END) OVER (
      PARTITION BY school_key
      ORDER BY week_day
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS silent_day
  FROM covered
) AS c
CROSS JOIN study AS t
WHERE c.grades = 1
