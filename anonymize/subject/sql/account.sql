-- The two denominators: every account whose school is covered, and those with a visit.
SELECT 'all_accounts' AS population, a.* FROM attributed AS a WHERE a.covered_weeks > 0
UNION ALL
SELECT 'active_accounts' AS population, a.* FROM attributed AS a WHERE a.covered_weeks > 0 AND a.visits > 0
