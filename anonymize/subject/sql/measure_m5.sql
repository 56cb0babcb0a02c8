-- M5: is the pupil associated when an account writes to staff?
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'M5.pupil_included' AS measure, 'threads' AS population,
  CAST(SUM(t.with_pupil) AS BIGINT) AS x, CAST(SUM(t.threads) AS BIGINT) AS y
FROM account_member AS a
JOIN thread_written AS t ON t.person_key = a.person_key AND t.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
