-- In which clusters of how many schools does each curve of times stand?
SELECT
    curve AS measure,
    "grouping" AS place,
    CAST(cluster AS BIGINT) AS cluster,
    CAST(MIN(schools) AS BIGINT) AS schools
FROM times
GROUP BY curve, "grouping", cluster
ORDER BY measure, place, cluster
