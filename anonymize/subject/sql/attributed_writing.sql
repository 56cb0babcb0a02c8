-- table: attributed_writing, per grouping
-- reads: account_member, thread_written
-- grain: one row per group and account that wrote to staff
-- columns: grp, school_key, family_key, person_key, with_pupil, threads
-- M5: is the pupil associated when an account writes to staff?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  CAST(SUM(t.with_pupil) AS BIGINT) AS with_pupil, CAST(SUM(t.threads) AS BIGINT) AS threads
FROM account_member AS a
JOIN thread_written AS t ON t.person_key = a.person_key AND t.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
