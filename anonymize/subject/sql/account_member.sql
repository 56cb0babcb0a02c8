-- table: account_member, per grouping
-- reads: account, scope_school
-- grain: one row per group, account and school of the account
-- columns: grp, school_key, family_key, person_key, member_key
-- The schools in which each account of a group is a member: what is known by person and school counts in the
-- groups of that school.
SELECT a.grp, a.school_key, a.family_key, a.person_key, s.school_key AS member_key
FROM account AS a
JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask
WHERE a.population = 'all_accounts' AND a.period = 0
