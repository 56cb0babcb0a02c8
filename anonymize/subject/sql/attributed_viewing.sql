-- table: attributed_viewing, per grouping
-- reads: account, scope_school, viewing
-- grain: one row per group and account with a view
-- columns: grp, person_key, news, grades
-- Which views of news and of grades did the accounts of each group make in the schools of the group, or in
-- none that the event names?
SELECT a.grp, a.person_key, CAST(SUM(v.news) AS BIGINT) AS news, CAST(SUM(v.grades) AS BIGINT) AS grades
FROM account AS a
JOIN viewing AS v ON v.person_key = a.person_key
LEFT JOIN scope_school AS s ON s.person_key = a.person_key AND s.mask = a.mask AND s.school_key = v.school_key
WHERE a.population = 'all_accounts' AND a.period = 0 AND (v.school_key = 0 OR s.school_key IS NOT NULL)
GROUP BY a.grp, a.person_key
