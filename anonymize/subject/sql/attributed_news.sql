-- table: attributed_news, per grouping
-- reads: account_member, attributed_viewing, class_item, item_class, offer
-- grain: one row per group and account that an item concerns
-- columns: grp, school_key, family_key, person_key, items, news
-- C6: how many views of news and blogs does an item published to a child's school or class bring? Where a
-- feed carries news or blogs.
SELECT i.grp, i.school_key, i.family_key, i.person_key, i.items, COALESCE(v.news, 0) AS news
FROM (
  SELECT
    a.grp, a.school_key, a.family_key, a.person_key,
    CAST(SUM(COALESCE(c.items, 0) + COALESCE(s.items, 0)) AS BIGINT) AS items
  FROM account_member AS a
  JOIN (SELECT DISTINCT school_key FROM offer WHERE service IN (:service_news, :service_blog)) AS f
    ON f.school_key = a.member_key
  LEFT JOIN item_class AS c ON c.person_key = a.person_key AND c.school_key = a.member_key
  LEFT JOIN class_item AS s ON s.school_key = a.member_key AND s.class_key = 0
  GROUP BY a.grp, a.school_key, a.family_key, a.person_key
) AS i
LEFT JOIN attributed_viewing AS v ON v.grp = i.grp AND v.person_key = i.person_key
WHERE i.items > 0
