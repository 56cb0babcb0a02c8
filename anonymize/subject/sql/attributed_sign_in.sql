-- table: attributed_sign_in, per grouping
-- reads: account, signing_in, study, third_failure
-- grain: one row per group and account with a sign-in
-- columns: grp, school_key, family_key, person_key, failures, successes, blocked
-- R2: where do codes block? blocked is -1 for who failed a third time less than 7 days before the end and did
-- not succeed since: nobody knows yet.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, s.failures, s.successes, CASE
    WHEN t.person_key IS NULL OR t.successes > 0 THEN 0
    WHEN t.local_date + 7 <= w.end_day THEN 1
    ELSE -1
  END AS blocked
FROM account AS a
JOIN signing_in AS s ON s.person_key = a.person_key
CROSS JOIN study AS w
LEFT JOIN third_failure AS t ON t.person_key = a.person_key
WHERE a.population = 'all_accounts' AND a.period = 0
