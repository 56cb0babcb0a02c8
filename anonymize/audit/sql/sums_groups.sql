-- Which measures stand in which groups of sums?
SELECT DISTINCT
    measure,
    "grouping" AS place,
    "group" AS content
FROM sums
ORDER BY measure, place, content
