-- table: pair_weekday, adds slice
-- reads: day, grade_visit, pair
-- grain: one row per pair and weekday with a grade visit
-- columns: person_key, school_key, weekday, h07, h09, h12, h14, h17, h19, h21, h23
-- At which hours of each weekday do the grade visits of each pair begin?
SELECT
  v.person_key, v.school_key, d.weekday,
  COUNT(CASE WHEN v.local_hour >= 7 AND v.local_hour < 9 THEN 1 END) AS h07,
  COUNT(CASE WHEN v.local_hour >= 9 AND v.local_hour < 12 THEN 1 END) AS h09,
  COUNT(CASE WHEN v.local_hour >= 12 AND v.local_hour < 14 THEN 1 END) AS h12,
  COUNT(CASE WHEN v.local_hour >= 14 AND v.local_hour < 17 THEN 1 END) AS h14,
  COUNT(CASE WHEN v.local_hour >= 17 AND v.local_hour < 19 THEN 1 END) AS h17,
  COUNT(CASE WHEN v.local_hour >= 19 AND v.local_hour < 21 THEN 1 END) AS h19,
  COUNT(CASE WHEN v.local_hour >= 21 AND v.local_hour < 23 THEN 1 END) AS h21,
  COUNT(CASE WHEN v.local_hour >= 23 OR v.local_hour < 7 THEN 1 END) AS h23
FROM grade_visit AS v
JOIN pair AS p ON p.person_key = v.person_key AND p.school_key = v.school_key
JOIN day AS d ON d.zone = p.zone AND d.local_date = v.local_date
GROUP BY v.person_key, v.school_key, d.weekday
