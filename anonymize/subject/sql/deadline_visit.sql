-- table: deadline_visit, adds slice
-- reads: dated_visit, deadline, person
-- args: subject
-- grain: one row per subject scope and deadline with a visit before it
-- columns: person_key, mask, deadline, ready30, ready7, ready0, first_day
-- Did each subject scope of one slice visit, with an activated account, in the 60 days before 30 days before,
-- 7 days before and the day of each deadline? first_day is the first visit of the activated account in the 60
-- days before the day, -1 none.
SELECT
  v.person_key, v.mask, d.deadline,
  MAX(CASE
    WHEN v.local_date >= d.day - 90 AND v.local_date < d.day - 30 AND p.activated_day < d.day - 30 THEN 1
    ELSE 0
  END) AS ready30,
  MAX(CASE
    WHEN v.local_date >= d.day - 67 AND v.local_date < d.day - 7 AND p.activated_day < d.day - 7 THEN 1
    ELSE 0
  END) AS ready7,
  MAX(CASE WHEN v.local_date >= d.day - 60 AND p.activated_day < d.day THEN 1 ELSE 0 END) AS ready0,
  COALESCE(MIN(CASE
    WHEN v.local_date >= d.day - 60 AND v.local_date >= p.activated_day THEN v.local_date
  END), -1) AS first_day
FROM (SELECT DISTINCT person_key, mask, local_date FROM dated_visit) AS v
JOIN person AS p ON p.person_key = v.person_key AND p.activated_day >= 0
JOIN deadline AS d ON v.local_date >= d.day - 90 AND v.local_date < d.day
WHERE p.profile = :subject
GROUP BY v.person_key, v.mask, d.deadline
