-- table: attributed_contact, per grouping
-- reads: account, people
-- grain: one row per group and account
-- columns: grp, school_key, family_key, person_key, email_known, phone_known
-- R3: whom can nobody reach? -1 is a directory that does not say.
SELECT a.grp, a.school_key, a.family_key, a.person_key, p.email_known, p.phone_known
FROM account AS a
JOIN people AS p ON p.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0
