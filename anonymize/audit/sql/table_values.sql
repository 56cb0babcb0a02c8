-- How many persons of each profile bear each value of each other column?
WITH counted AS (
    SELECT
        bearer.profile,
        borne.attribute,
        borne.band,
        COUNT(DISTINCT bearer.person) AS persons
    FROM borne
    INNER JOIN bearer ON borne.record = bearer.record
    GROUP BY bearer.profile, borne.attribute, borne.band
)
SELECT
    CAST(DENSE_RANK() OVER (ORDER BY profile) AS BIGINT) AS class,
    attribute,
    band,
    CAST(persons AS BIGINT) AS persons
FROM counted
ORDER BY attribute, class, band
