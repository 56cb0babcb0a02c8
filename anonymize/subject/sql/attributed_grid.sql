-- view: attributed_grid, per grouping
-- reads: counted_person, n5_flag, n5_grid
-- grain: one row per population, group, person and cell of the grid
-- columns: grp, school_key, family_key, person_key, cell, population, pairs, flagged
-- N5 over the grid of its thresholds.
SELECT p.grp, p.school_key, p.family_key, p.person_key, g.cell, p.population, p.pairs, COALESCE(f.flagged, 0) AS flagged
FROM counted_person AS p
CROSS JOIN n5_grid AS g
LEFT JOIN n5_flag AS f ON f.grp = p.grp AND f.person_key = p.person_key AND f.cell = g.cell
