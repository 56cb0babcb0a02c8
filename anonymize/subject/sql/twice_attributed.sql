-- answer:
-- reads: attributed
-- grain: one row for the study
-- columns: persons
-- How many persons are attributed more than once in a group? None, or every count of persons would be a count
-- of rows.
SELECT COUNT(*) AS persons
FROM (
  SELECT person_key FROM attributed GROUP BY person_key, grp, period HAVING COUNT(*) > 1
) AS t
