-- view: attributed_grid, per grouping
-- reads: counted_person, n5_flag, n5_grid
-- grain: one row per population, group, person and row of the grid
-- columns: grp, school_key, family_key, person_key, line, population, pairs, flagged_low, flagged_mid, flagged_high
-- N5 over the grid of its thresholds, three cells a row.
SELECT
  p.grp, p.school_key, p.family_key, p.person_key, g.line, p.population, p.pairs,
  COALESCE(f.flagged_low, 0) AS flagged_low, COALESCE(f.flagged_mid, 0) AS flagged_mid,
  COALESCE(f.flagged_high, 0) AS flagged_high
FROM counted_person AS p
CROSS JOIN (SELECT DISTINCT line FROM n5_grid) AS g
LEFT JOIN n5_flag AS f ON f.grp = p.grp AND f.person_key = p.person_key AND f.line = g.line
