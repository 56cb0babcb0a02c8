-- How many persons, and how many rows, share each profile of a released table?
WITH counted AS (
    SELECT
        profile,
        COUNT(DISTINCT person) AS persons,
        COUNT(*) AS records
    FROM bearer
    GROUP BY profile
)
SELECT
    CAST(DENSE_RANK() OVER (ORDER BY profile) AS BIGINT) AS class,
    CAST(persons AS BIGINT) AS persons,
    CAST(records AS BIGINT) AS records
FROM counted
ORDER BY class
