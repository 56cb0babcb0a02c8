-- What is the life table of one curve, by cluster?
SELECT "grouping", "group", cluster, schools, bin, persons, at_risk, events, censored
FROM times
WHERE curve = ?
ORDER BY "grouping", "group", cluster, bin
