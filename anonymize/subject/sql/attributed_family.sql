-- view: attributed_family, per grouping
-- reads: account
-- grain: one row per group and family
-- columns: grp, school_key, family_key, accompanied, created_day
-- The families of each group, each counted once, at the smallest of the schools its persons are attributed
-- to.
SELECT
  grp, MIN(school_key) AS school_key, family_key, MAX(accompanied) AS accompanied, MIN(created_day) AS created_day
FROM account
WHERE population = 'all_accounts' AND period = 0
GROUP BY grp, family_key
