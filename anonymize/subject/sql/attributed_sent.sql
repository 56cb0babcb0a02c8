-- table: attributed_sent, per grouping
-- reads: account_member, message_sent
-- grain: one row per group and account that sent a message
-- columns: grp, school_key, family_key, person_key, messages, outside, night
-- M2: when do subjects write?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  CAST(SUM(m.messages) AS BIGINT) AS messages,
  CAST(SUM(m.outside) AS BIGINT) AS outside,
  CAST(SUM(m.night) AS BIGINT) AS night
FROM account_member AS a
JOIN message_sent AS m ON m.person_key = a.person_key AND m.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
