-- table: pause_pair, adds slice
-- reads: pair, pair_day, pause_visit
-- grain: one row per pair and pause with a grade visit
-- columns: person_key, school_key, pause, days1, days2, days3, days5
-- On how many covered school days did each pair make one, two, three, five grade visits, for each pause?
SELECT
  person_key, school_key, pause,
  COUNT(*) AS days1,
  COUNT(CASE WHEN visits >= 2 THEN 1 END) AS days2,
  COUNT(CASE WHEN visits >= 3 THEN 1 END) AS days3,
  COUNT(CASE WHEN visits >= 5 THEN 1 END) AS days5
FROM (
  SELECT q.person_key, q.school_key, v.pause, q.local_date, COUNT(*) AS visits
  FROM pause_visit AS v
  JOIN pair AS p ON p.person_key = v.person_key AND p.mask = v.mask
  JOIN pair_day AS q
    ON q.person_key = p.person_key AND q.school_key = p.school_key AND q.local_date = v.local_date
  WHERE v.grades = 1
  GROUP BY q.person_key, q.school_key, v.pause, q.local_date
) AS z
GROUP BY person_key, school_key, pause
