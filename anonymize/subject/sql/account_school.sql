-- answer:
-- reads: account
-- grain: one row per group and school
-- columns: grp, school_key, persons, keys
-- Accounts by group and attributed school in one grouping: what small schools are first merged by.
SELECT
  grp, school_key, COUNT(*) AS persons,
  CAST(SUM(MOD(person_key, 4294967296)) AS BIGINT) AS keys
FROM account
WHERE population = 'all_accounts'
GROUP BY grp, school_key
ORDER BY grp, school_key
