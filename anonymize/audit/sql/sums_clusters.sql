-- In which clusters of how many schools does each measure of sums stand?
SELECT
    measure,
    "grouping" AS place,
    CAST(cluster AS BIGINT) AS cluster,
    CAST(MIN(schools) AS BIGINT) AS schools
FROM sums
GROUP BY measure, "grouping", cluster
ORDER BY measure, place, cluster
