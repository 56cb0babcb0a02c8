-- Of how many persons are the rows of a released table?
SELECT CAST(COUNT(DISTINCT person) AS BIGINT) AS persons
FROM bearer
