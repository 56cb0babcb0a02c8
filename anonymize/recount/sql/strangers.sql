-- How many accounts does no directory know, and how many of their records lie
-- within the window? Parameters: first and last day of the window.
SELECT
  COUNT(DISTINCT person_key) AS accounts_without_directory,
  COUNT(CASE WHEN local_date BETWEEN $1 AND $2 THEN 1 END) AS records_without_directory
FROM record
WHERE person_key NOT IN (SELECT person_key FROM people)
