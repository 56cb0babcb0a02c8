-- table: behaviour, adds slice, monthly = 0
-- table: behaviour_month, adds slice, monthly = 1
-- reads: covered, dated_visit, dated_week, period, period_day, slice_scope
-- args: monthly, end, subject
-- grain: one row per scope and period
-- columns: person_key, mask, period, school_weeks, covered_weeks, weeks, week_visits, week_days, visit_weeks,
--   visits, weight, h07, h09, h12, h14, h17, h19, h21, h23, weekend, wednesday, holiday, known, phone,
--   computer, tablet, recent28, recent60, first_date, open_day
-- What did each subject do in each scope and period? One row per scope and period, zeros included. Visits and
-- days count by their own date, school weeks by their Monday.
SELECT
  s.person_key, s.mask, p.period, COALESCE(w.school_weeks, 0) AS school_weeks,
  COALESCE(w.covered_weeks, 0) AS covered_weeks, COALESCE(w.weeks, 0) AS weeks,
  COALESCE(k.week_visits, 0) AS week_visits, COALESCE(k.week_days, 0) AS week_days,
  COALESCE(k.visit_weeks, 0) AS visit_weeks, COALESCE(v.visits, 0) AS visits, COALESCE(v.weight, 0) AS weight,
  COALESCE(v.h07, 0) AS h07, COALESCE(v.h09, 0) AS h09, COALESCE(v.h12, 0) AS h12, COALESCE(v.h14, 0) AS h14,
  COALESCE(v.h17, 0) AS h17, COALESCE(v.h19, 0) AS h19, COALESCE(v.h21, 0) AS h21, COALESCE(v.h23, 0) AS h23,
  COALESCE(v.weekend, 0) AS weekend, COALESCE(v.wednesday, 0) AS wednesday, COALESCE(v.holiday, 0) AS holiday,
  COALESCE(v.known, 0) AS known, COALESCE(v.phone, 0) AS phone, COALESCE(v.computer, 0) AS computer,
  COALESCE(v.tablet, 0) AS tablet, COALESCE(v.recent28, 0) AS recent28, COALESCE(v.recent60, 0) AS recent60,
  COALESCE(v.first_date, -1) AS first_date, s.open_day
FROM slice_scope AS s
CROSS JOIN period AS p
LEFT JOIN (
  SELECT
    b.person_key, b.mask, q.period,
    COUNT(*) AS school_weeks,
    CAST(SUM(c.covered) AS BIGINT) AS covered_weeks,
    CAST(SUM(CASE WHEN c.covered = 1 AND c.week_day >= b.open_day THEN 1 ELSE 0 END) AS BIGINT) AS weeks
  FROM slice_scope AS b
  JOIN covered AS c ON c.school_key = b.school_key
  JOIN period_day AS q ON q.local_date = c.week_day AND q.monthly = :monthly
  GROUP BY b.person_key, b.mask, q.period
) AS w ON w.person_key = s.person_key AND w.mask = s.mask AND w.period = p.period
LEFT JOIN (
  SELECT
    d.person_key, d.mask, q.period,
    CAST(SUM(d.visits) AS BIGINT) AS week_visits,
    CAST(SUM(d.days) AS BIGINT) AS week_days,
    COUNT(*) AS visit_weeks
  FROM dated_week AS d
  JOIN period_day AS q ON q.local_date = d.week_day AND q.monthly = :monthly
  GROUP BY d.person_key, d.mask, q.period
) AS k ON k.person_key = s.person_key AND k.mask = s.mask AND k.period = p.period
LEFT JOIN (
  SELECT
    d.person_key, d.mask, q.period,
    COUNT(*) AS visits,
    CAST(SUM(d.weight) AS BIGINT) AS weight,
    COUNT(CASE WHEN d.local_hour >= 7 AND d.local_hour < 9 THEN 1 END) AS h07,
    COUNT(CASE WHEN d.local_hour >= 9 AND d.local_hour < 12 THEN 1 END) AS h09,
    COUNT(CASE WHEN d.local_hour >= 12 AND d.local_hour < 14 THEN 1 END) AS h12,
    COUNT(CASE WHEN d.local_hour >= 14 AND d.local_hour < 17 THEN 1 END) AS h14,
    COUNT(CASE WHEN d.local_hour >= 17 AND d.local_hour < 19 THEN 1 END) AS h17,
    COUNT(CASE WHEN d.local_hour >= 19 AND d.local_hour < 21 THEN 1 END) AS h19,
    COUNT(CASE WHEN d.local_hour >= 21 AND d.local_hour < 23 THEN 1 END) AS h21,
    COUNT(CASE WHEN d.local_hour >= 23 OR d.local_hour < 7 THEN 1 END) AS h23,
    COUNT(CASE WHEN d.weekday >= 6 THEN 1 END) AS weekend,
    COUNT(CASE WHEN d.weekday = 3 AND d.school_week = 1 THEN 1 END) AS wednesday,
    COUNT(CASE WHEN d.holiday = 1 THEN 1 END) AS holiday,
    COUNT(CASE WHEN d.device > :device_unknown THEN 1 END) AS known,
    COUNT(CASE WHEN d.device = :device_phone THEN 1 END) AS phone,
    COUNT(CASE WHEN d.device = :device_computer THEN 1 END) AS computer,
    COUNT(CASE WHEN d.device = :device_tablet THEN 1 END) AS tablet,
    COUNT(CASE WHEN d.local_date >= :end - 27 THEN 1 END) AS recent28,
    COUNT(CASE WHEN d.local_date >= :end - 59 THEN 1 END) AS recent60,
    MIN(d.local_date) AS first_date
  FROM dated_visit AS d
  JOIN period_day AS q ON q.local_date = d.local_date AND q.monthly = :monthly
  GROUP BY d.person_key, d.mask, q.period
) AS v ON v.person_key = s.person_key AND v.mask = s.mask AND v.period = p.period
WHERE s.profile = :subject AND p.monthly = :monthly
