-- table: dated_visit, per slice
-- reads: covered, day, visit
-- args: subject
-- grain: one row per subject scope and visit
-- columns: person_key, mask, start_ms, local_date, local_hour, device, weight, week_day, weekday, holiday,
--   school_week, counted
-- The visits of the study's subjects with what the calendar says of their day, and whether their week counts:
-- covered at the primary school, after the scope opened.
SELECT
  v.person_key, v.mask, v.start_ms, v.local_date, v.local_hour, v.device, v.weight,
  d.week_day, d.weekday, d.holiday, d.school_week,
  CASE WHEN c.week_day IS NOT NULL THEN 1 ELSE 0 END AS counted
FROM visit AS v
JOIN day AS d ON d.zone = v.zone AND d.local_date = v.local_date
LEFT JOIN covered AS c
  ON c.school_key = v.school_key AND c.week_day = d.week_day AND c.covered = 1 AND c.week_day >= v.open_day
WHERE v.profile = :subject
