-- Which curves stand in which groups of times, and up to which bin?
SELECT
    curve AS measure,
    "grouping" AS place,
    "group" AS content,
    CAST(MAX(bin) AS BIGINT) AS last
FROM times
GROUP BY curve, "grouping", "group"
ORDER BY measure, place, content
