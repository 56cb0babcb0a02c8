-- How many persons of a released table bear each value of each column? A person who bears a value in several rows is
-- one.
SELECT
    borne.attribute AS attribute,
    borne.band AS band,
    CAST(COUNT(DISTINCT bearer.person) AS BIGINT) AS persons
FROM borne
INNER JOIN bearer ON borne.record = bearer.record
GROUP BY borne.attribute, borne.band
ORDER BY attribute, band
