-- D3.first_login: days from the origin (the start of the window, or the account's
-- creation if later) to the first visit, or to the end of the window.
SELECT
  a.grp,
  CAST(a.school_key AS BIGINT) AS school_key,
  CAST(CASE
    WHEN a.first_date < 0 THEN s.end_day - GREATEST(a.created_day, s.start_day)
    ELSE GREATEST(a.first_date - GREATEST(a.created_day, s.start_day), 0)
  END AS BIGINT) AS days,
  CAST(CASE WHEN a.first_date < 0 THEN 0 ELSE 1 END AS BIGINT) AS visited,
  COUNT(*) AS persons
FROM account AS a
CROSS JOIN study AS s
WHERE a.population = 'all_accounts' AND a.period = 0
GROUP BY a.grp, a.school_key, days, visited
ORDER BY a.grp, a.school_key, days, visited
