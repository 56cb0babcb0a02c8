-- M2: when do subjects write?
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'M2.subject.outside' AS measure, 'senders' AS population,
  CAST(SUM(m.outside) AS BIGINT) AS x, CAST(SUM(m.messages) AS BIGINT) AS y
FROM account_member AS a
JOIN message_sent AS m ON m.person_key = a.person_key AND m.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
UNION ALL
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'M2.subject.night' AS measure, 'senders' AS population,
  CAST(SUM(m.night) AS BIGINT) AS x, CAST(SUM(m.messages) AS BIGINT) AS y
FROM account_member AS a
JOIN message_sent AS m ON m.person_key = a.person_key AND m.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
