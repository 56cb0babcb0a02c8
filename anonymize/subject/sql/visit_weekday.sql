-- table: visit_weekday, adds slice
-- reads: dated_visit
-- grain: one row per subject scope and weekday with a visit
-- columns: person_key, mask, weekday, h07, h09, h12, h14, h17, h19, h21, h23
-- At which hours of each weekday do the visits of each subject scope begin?
SELECT
  d.person_key, d.mask, d.weekday,
  COUNT(CASE WHEN d.local_hour >= 7 AND d.local_hour < 9 THEN 1 END) AS h07,
  COUNT(CASE WHEN d.local_hour >= 9 AND d.local_hour < 12 THEN 1 END) AS h09,
  COUNT(CASE WHEN d.local_hour >= 12 AND d.local_hour < 14 THEN 1 END) AS h12,
  COUNT(CASE WHEN d.local_hour >= 14 AND d.local_hour < 17 THEN 1 END) AS h14,
  COUNT(CASE WHEN d.local_hour >= 17 AND d.local_hour < 19 THEN 1 END) AS h17,
  COUNT(CASE WHEN d.local_hour >= 19 AND d.local_hour < 21 THEN 1 END) AS h19,
  COUNT(CASE WHEN d.local_hour >= 21 AND d.local_hour < 23 THEN 1 END) AS h21,
  COUNT(CASE WHEN d.local_hour >= 23 OR d.local_hour < 7 THEN 1 END) AS h23
FROM dated_visit AS d
GROUP BY d.person_key, d.mask, d.weekday
