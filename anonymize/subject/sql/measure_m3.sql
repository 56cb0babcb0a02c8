-- M3: does staff answer within two working days of ten hours (72,000,000 ms)?
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'M3.answered' AS measure, 'threads' AS population,
  COUNT(CASE WHEN t.answered = 1 AND t.waited_ms <= 72000000 THEN 1 END) AS x, COUNT(*) AS y
FROM account_member AS a
JOIN thread AS t ON t.person_key = a.person_key AND t.school_key = a.member_key
JOIN staffed_school AS f ON f.school_key = t.school_key
WHERE t.mature = 1
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
