-- Which feeds does the coverage speak of? Those in brackets count schools.
SELECT DISTINCT feed
FROM coverage
WHERE feed NOT LIKE '(%'
ORDER BY feed
