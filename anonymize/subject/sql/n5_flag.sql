-- table: n5_flag, per grouping
-- reads: attributed_pair, checker, n5_grid
-- grain: one row per group, person and row of the grid
-- columns: grp, person_key, line, flagged_low, flagged_mid, flagged_high
-- For which cells of the grid of N5 do how many pairs of each person in each group of the grouping meet every
-- condition? A row of the grid is its shares of days and of empty checks, and has three cells by the bound of
-- burstiness. Nearly nobody has a row.
SELECT
  p.grp, p.person_key, g.line,
  COUNT(CASE WHEN g.bounds = 1 THEN 1 END) AS flagged_low,
  COUNT(CASE WHEN g.bounds = 2 THEN 1 END) AS flagged_mid,
  COUNT(CASE WHEN g.bounds = 3 THEN 1 END) AS flagged_high
FROM attributed_pair AS p
JOIN checker AS c ON c.person_key = p.person_key AND c.school_key = p.school_key
CROSS JOIN n5_grid AS g
WHERE 100 * p.days3 >= g.days_share * p.days
  AND 100 * p.empties >= g.empty_share * (p.visits - 1)
  AND (c.bounds >= g.bounds OR 100 * p.nights >= g.night_share * p.visits)
GROUP BY p.grp, p.person_key, g.line
