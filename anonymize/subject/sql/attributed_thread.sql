-- table: attributed_thread, per grouping
-- reads: account_member, staffed_school, thread
-- grain: one row per group and account that began a thread
-- columns: grp, school_key, family_key, person_key, answered, threads
-- M3: does staff answer within two working days of ten hours (72,000,000 ms)?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  COUNT(CASE WHEN t.answered = 1 AND t.waited_ms <= 72000000 THEN 1 END) AS answered, COUNT(*) AS threads
FROM account_member AS a
JOIN thread AS t ON t.person_key = a.person_key AND t.school_key = a.member_key
JOIN staffed_school AS f ON f.school_key = t.school_key
WHERE t.mature = 1
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
