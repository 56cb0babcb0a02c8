-- view: unit, per grouping
-- reads: account, study
-- grain: one row per account
-- columns: grp, school_key, person_key, step, event, units
-- D3.first_login: whole weeks from the origin (the start of the window, or the account's creation if later)
-- to the first visit, or to the end of the window.
SELECT
  d.grp, d.school_key, d.person_key,
  CAST((d.days - MOD(d.days, 7)) / 7 AS BIGINT) AS step,
  d.event, 1 AS units
FROM (
  SELECT
    a.grp, a.school_key, a.person_key, CASE
      WHEN a.first_date < 0 THEN s.end_day - GREATEST(a.created_day, s.start_day)
      ELSE GREATEST(a.first_date - GREATEST(a.created_day, s.start_day), 0)
    END AS days,
    CASE WHEN a.first_date < 0 THEN 0 ELSE 1 END AS event
  FROM account AS a
  CROSS JOIN study AS s
  WHERE a.population = 'all_accounts' AND a.period = 0
) AS d
