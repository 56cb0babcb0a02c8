-- table: attributed_regularity, per grouping
-- reads: account, regularity
-- grain: one row per group and account with ten visits
-- columns: grp, school_key, family_key, person_key, entropy, burstiness, memory
-- L3: regular follow-up or bursts? -1 is not defined: all times between visits equal.
SELECT a.grp, a.school_key, a.family_key, a.person_key, r.entropy, r.burstiness, r.memory
FROM account AS a
JOIN regularity AS r ON r.person_key = a.person_key AND r.mask = a.mask
WHERE a.period = 0 AND a.population = 'active_accounts'
