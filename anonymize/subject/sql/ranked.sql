-- view: ranked, per grouping
-- reads: account
-- grain: one row per group and account
-- columns: grp, school_key, family_key, person_key, visits
-- The accounts that F5 ranks, in each group of the grouping.
SELECT grp, school_key, family_key, person_key, visits
FROM account
WHERE period = 0 AND population = 'all_accounts'
