-- Which profiles of a released table are each person's?
WITH numbered AS (
    SELECT
        person,
        DENSE_RANK() OVER (ORDER BY profile) AS class
    FROM bearer
)
SELECT DISTINCT
    CAST(person AS BIGINT) AS person,
    CAST(class AS BIGINT) AS class
FROM numbered
ORDER BY person, class
