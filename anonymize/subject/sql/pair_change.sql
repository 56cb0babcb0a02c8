-- table: pair_change, adds slice
-- reads: change, pair_day, pair_visit
-- grain: one row per pair of a school of N8
-- columns: person_key, school_key, changed, before_days, before_two, after_days, after_two
-- The covered school days of each pair of one slice before and after the day that parts the window of its
-- school, and those with two grade visits or more.
SELECT
  q.person_key, q.school_key, c.changed,
  COUNT(CASE WHEN q.local_date < c.split_day THEN 1 END) AS before_days,
  COUNT(CASE WHEN q.local_date < c.split_day AND z.visits >= 2 THEN 1 END) AS before_two,
  COUNT(CASE WHEN q.local_date >= c.split_day THEN 1 END) AS after_days,
  COUNT(CASE WHEN q.local_date >= c.split_day AND z.visits >= 2 THEN 1 END) AS after_two
FROM pair_day AS q
JOIN change AS c ON c.school_key = q.school_key
LEFT JOIN (
  SELECT v.person_key, v.school_key, v.local_date, COUNT(*) AS visits
  FROM pair_visit AS v
  JOIN change AS k ON k.school_key = v.school_key
  GROUP BY v.person_key, v.school_key, v.local_date
) AS z ON z.person_key = q.person_key AND z.school_key = q.school_key AND z.local_date = q.local_date
GROUP BY q.person_key, q.school_key, c.changed
