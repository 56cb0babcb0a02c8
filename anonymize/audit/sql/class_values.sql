-- How often does each value of each behaviour occur in each profile?
WITH person AS (
    SELECT
        DENSE_RANK() OVER (
            ORDER BY level, grade_band, sector, ep, ips_band, cluster, children, devices, activation
        ) AS class,
        visits,
        grade_visits,
        evening,
        accompanied
    FROM parents
),
behaviour AS (
    SELECT class, 'visits' AS attribute, visits AS band FROM person
    UNION ALL
    SELECT class, 'grade_visits' AS attribute, grade_visits AS band FROM person
    UNION ALL
    SELECT class, 'evening' AS attribute, evening AS band FROM person
    UNION ALL
    SELECT class, 'accompanied' AS attribute, accompanied AS band FROM person
)
SELECT
    CAST(class AS BIGINT) AS class,
    attribute,
    band,
    CAST(COUNT(*) AS BIGINT) AS persons
FROM behaviour
GROUP BY class, attribute, band
ORDER BY attribute, class, band
