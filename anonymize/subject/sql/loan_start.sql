-- answer:
-- reads: loans, person
-- args: start, end
-- grain: one row per family with a loan in the window
-- columns: family_key, day
-- On which day of the window did each family first have a loan?
SELECT family_key, day
FROM (
  SELECT p.family_key, MIN(l.start_day) AS day
  FROM loans AS l
  JOIN person AS p ON p.person_key = l.child_key
  WHERE l.start_day >= 0
  GROUP BY p.family_key
) AS f
WHERE day >= :start AND day <= :end
ORDER BY day, family_key
