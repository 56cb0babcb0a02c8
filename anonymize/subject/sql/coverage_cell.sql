-- answer:
-- reads: covered, reported, school
-- grain: one row per feed, school, week and service expected
-- columns: feed, school_key, week_day, service, persons
-- In which school weeks did each feed report for each school that it ever reports for, in all (service 0) and
-- by service, and of how many persons?
SELECT f.feed, f.school_key, w.week_day, f.service, COALESCE(c.persons, 0) AS persons
FROM (SELECT DISTINCT feed, school_key, service FROM reported) AS f
JOIN covered AS w ON w.school_key = f.school_key
JOIN school AS s ON s.school_key = f.school_key AND w.week_day >= s.rollout_day
LEFT JOIN reported AS c
  ON c.feed = f.feed AND c.school_key = f.school_key AND c.service = f.service AND c.week_day = w.week_day
ORDER BY f.feed, f.school_key, w.week_day, f.service
