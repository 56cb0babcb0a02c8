-- table: attributed_week, per grouping
-- reads: attributed, matched, person_week, relative_week
-- grain: one row per group, matched person and week around the accompaniment
-- columns: grp, school_key, family_key, person_key, arm, week, place, places, visits
-- A2: visits in the covered school weeks around an accompaniment, in both arms; week is its place as measures
-- name it, -4 to -1 and +1 to +8.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, m.arm,
  CASE WHEN w.place > 0 THEN '+' ELSE '' END || CAST(w.place AS VARCHAR(20)) AS week,
  w.place, w.places,
  COALESCE(v.visits, 0) AS visits
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
JOIN relative_week AS w ON w.school_key = m.school_key AND w.accompanied_week = m.accompanied_week
LEFT JOIN person_week AS v ON v.person_key = a.person_key AND v.week_day = w.week_day
WHERE a.period = 0
