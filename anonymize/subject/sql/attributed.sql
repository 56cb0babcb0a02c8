-- The behaviours of every subject at the school they are attributed to in each
-- group of the grouping.
SELECT
  a.grp, a.school_key, p.family_key, p.activated, p.created_day,
  CASE WHEN r.person_key IS NOT NULL THEN 1 ELSE 0 END AS accompanied,
  b.*
FROM grouped AS a
JOIN period_behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = a.period
JOIN person AS p ON p.person_key = a.person_key
LEFT JOIN accompanied AS r ON r.person_key = a.person_key
