-- answer:
-- reads: people, record
-- args: start, end
-- grain: one row for the bucket
-- columns: accounts_without_directory, records_without_directory
-- How many accounts does no directory know, and how many of their records lie within the window?
SELECT
  COUNT(DISTINCT person_key) AS accounts_without_directory,
  COUNT(CASE WHEN local_date BETWEEN :start AND :end THEN 1 END) AS records_without_directory
FROM record
WHERE person_key NOT IN (SELECT person_key FROM people)
