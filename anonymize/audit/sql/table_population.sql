-- How many persons of a released table, and how many of its population, share each profile?
WITH counted AS (
    SELECT
        profile,
        COUNT(DISTINCT person) AS here,
        0 AS there
    FROM bearer
    GROUP BY profile
    UNION ALL
    SELECT
        profile,
        0 AS here,
        COUNT(DISTINCT person) AS there
    FROM inhabitant
    GROUP BY profile
)
SELECT
    CAST(SUM(here) AS BIGINT) AS here,
    CAST(SUM(there) AS BIGINT) AS there
FROM counted
GROUP BY profile
ORDER BY here, there
