-- answer:
-- reads: sums
-- args: measure
-- grain: one row per measure, grouping, group, population and cluster
-- columns: grouping, group, population, cluster, schools, persons, families, numerator, denominator, sum_xx,
--   sum_xy, sum_yy, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, measure
-- What did the persons of each cluster bring to one measure, or to all of them (''), in each grouping?
SELECT
  "grouping", "group", population, cluster, schools, persons, families, numerator, denominator, sum_xx,
  sum_xy, sum_yy, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, measure
FROM sums
WHERE measure = :measure OR :measure = ''
ORDER BY measure, "grouping", "group", population, cluster
