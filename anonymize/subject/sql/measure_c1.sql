-- C1: do visits follow the items with pictures, sound or video of the children?
SELECT
  a.grp, 0 AS period, a.school_key, a.family_key,
  'C1.visits' AS measure, 'concerned_accounts' AS population,
  CAST(SUM(i.after) AS BIGINT) AS x, CAST(SUM(i.before) AS BIGINT) AS y
FROM account_member AS a
JOIN item_visit AS i ON i.person_key = a.person_key AND i.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
