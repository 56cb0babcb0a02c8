-- table: attributed_aid, per grouping
-- reads: account, offer, service_visit
-- grain: one row per group and active account of a school with aids
-- columns: grp, school_key, family_key, person_key, visits, aids
-- C9: in how many visits is a page read aloud or translated? Where a feed offers it.
SELECT a.grp, a.school_key, a.family_key, a.person_key, a.visits, COALESCE(v.visits, 0) AS aids
FROM account AS a
JOIN offer AS f ON f.school_key = a.school_key AND f.service = :service_accessibility
LEFT JOIN service_visit AS v ON v.person_key = a.person_key AND v.mask = a.mask AND v.service = f.service
WHERE a.population = 'active_accounts' AND a.period = 0
