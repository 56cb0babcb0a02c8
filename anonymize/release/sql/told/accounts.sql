-- answer:
-- reads: accounts, people
-- args:
-- grain: one row per person with an account
-- columns: release_key, accounts
-- How many accounts does each person have?
SELECT p.release_key, COUNT(*) AS accounts
FROM accounts AS a
JOIN people AS p ON p.person_key = a.person_key
GROUP BY p.release_key
ORDER BY p.release_key
