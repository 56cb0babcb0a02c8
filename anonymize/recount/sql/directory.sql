-- answer:
-- reads: accounts, memberships, people
-- args: start, end
-- grain: one row for the study
-- columns: people, parents, pupils, staff, people_without_school, accounts
-- How many people of each kind does the directory hold, how many accounts, and how many people are of no
-- school on any day of the window? A day of -1 is an open end.
SELECT
  COUNT(*) AS people,
  COUNT(CASE profile WHEN 3 THEN 1 END) AS parents,
  COUNT(CASE profile WHEN 1 THEN 1 END) AS pupils,
  COUNT(CASE WHEN profile IN (2, 4) THEN 1 END) AS staff,
  COUNT(CASE WHEN person_key NOT IN (
    SELECT person_key
    FROM memberships
    WHERE school_key <> 0 AND NOT (to_day >= 0 AND to_day < :start) AND NOT from_day > :end
  ) THEN 1 END) AS people_without_school,
  (SELECT COUNT(DISTINCT account_key) FROM accounts) AS accounts
FROM people
