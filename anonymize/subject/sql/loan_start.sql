-- On which day of the window did each family first have a loan? Parameters: first
-- and last day of the window.
SELECT family_key, CAST(day AS BIGINT) AS day
FROM (
  SELECT p.family_key, MIN(l.start_day) AS day
  FROM loans AS l
  JOIN person AS p ON p.person_key = l.child_key
  WHERE l.start_day >= 0
  GROUP BY p.family_key
) AS f
WHERE day >= ? AND day <= ?
ORDER BY day, family_key
