-- N5 over the grid of its thresholds.
SELECT
  p.grp, 0 AS period, p.attributed_key AS school_key, p.family_key,
  g.measure, p.population,
  COALESCE(f.flagged, 0) AS x, p.pairs AS y
FROM counted_person AS p
CROSS JOIN n5_grid AS g
LEFT JOIN n5_flag AS f ON f.grp = p.grp AND f.person_key = p.person_key AND f.measure = g.measure
