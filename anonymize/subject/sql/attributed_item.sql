-- table: attributed_item, per grouping
-- reads: account_member, item_visit
-- grain: one row per group and account that an item concerns
-- columns: grp, school_key, family_key, person_key, after, before
-- C1: do visits follow the items with pictures, sound or video of the children?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  CAST(SUM(i.after) AS BIGINT) AS after, CAST(SUM(i.before) AS BIGINT) AS before
FROM account_member AS a
JOIN item_visit AS i ON i.person_key = a.person_key AND i.school_key = a.member_key
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
