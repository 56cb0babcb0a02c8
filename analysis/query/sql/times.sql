-- answer:
-- reads: times
-- args: curve
-- grain: one row per group, cluster and bin
-- columns: grouping, group, cluster, schools, bin, persons, at_risk, events, censored
-- What is the life table of one curve, by cluster?
SELECT "grouping", "group", cluster, schools, bin, persons, at_risk, events, censored
FROM times
WHERE curve = :curve
ORDER BY "grouping", "group", cluster, bin
