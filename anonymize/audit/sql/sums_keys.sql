-- Which measures, for which populations and groupings, does sums hold?
SELECT DISTINCT
    measure,
    population,
    "grouping" AS place
FROM sums
ORDER BY measure, population, place
