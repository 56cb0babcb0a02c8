-- A1: who was accompanied since the start of the school year? A family counts where its first person does.
SELECT grp, period AS period, school_key, family_key, 1 AS persons, 'A1.accompanied' AS measure, population AS population, accompanied AS x, 1 AS y
FROM account
WHERE period = 0
UNION ALL
SELECT grp, 0 AS period, MIN(school_key) AS school_key, family_key, COUNT(*) AS persons, 'A1.accompanied' AS measure, 'families' AS population, MAX(accompanied) AS x, 1 AS y
FROM account
WHERE period = 0 AND population = 'all_accounts'
GROUP BY grp, family_key
