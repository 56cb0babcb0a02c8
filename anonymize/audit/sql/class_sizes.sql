-- How many persons share each profile of the person table?
SELECT
    CAST(COUNT(*) AS BIGINT) AS persons
FROM parents
GROUP BY level, grade_band, sector, ep, ips_band, cluster, children, devices, activation
ORDER BY persons, level, grade_band, sector, ep, ips_band, cluster, children, devices, activation
