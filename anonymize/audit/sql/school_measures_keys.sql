-- Which measures, for which populations and periods, does school_measures hold?
SELECT DISTINCT
    measure,
    population,
    period AS place
FROM school_measures
ORDER BY measure, population, place
