-- table: loan
-- reads: loans, person
-- args: start, end, loan_median
-- grain: one row per family with a loan, or waiting for one
-- columns: family_key, lent, week_day
-- The families with a first loan in the window (lent 1), and those still waiting for one at its end who had
-- asked by the median day of loan (lent 0), with the Monday of the week of that day.
SELECT family_key, 1 AS lent, CAST(day - MOD(day + 3, 7) AS INTEGER) AS week_day
FROM (
  SELECT p.family_key, MIN(l.start_day) AS day
  FROM loans AS l
  JOIN person AS p ON p.person_key = l.child_key
  WHERE l.start_day >= 0
  GROUP BY p.family_key
) AS f
WHERE day >= :start AND day <= :end
UNION ALL
SELECT family_key, 0 AS lent, CAST(day - MOD(day + 3, 7) AS INTEGER) AS week_day
FROM (
  SELECT
    p.family_key,
    MIN(CASE WHEN l.start_day < 0 OR l.start_day > x.last_day THEN 1 ELSE 0 END) AS waiting,
    MIN(l.requested_day) AS requested_day,
    MIN(x.day) AS day
  FROM loans AS l
  JOIN person AS p ON p.person_key = l.child_key
  CROSS JOIN (SELECT CAST(:end AS INTEGER) AS last_day, CAST(:loan_median AS INTEGER) AS day) AS x
  GROUP BY p.family_key
) AS f
WHERE waiting = 1 AND requested_day <= day
