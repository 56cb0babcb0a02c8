-- table: first_item_visit, per grouping
-- reads: account, item_first, media_item, scope_school
-- grain: one row per group and active account of a school with items
-- columns: grp, school_key, family_key, person_key, followed
-- C1: is such an item what a first visit follows? Of the schools that publish some.
SELECT a.grp, a.school_key, a.family_key, a.person_key, CASE WHEN f.person_key IS NOT NULL THEN 1 ELSE 0 END AS followed
FROM account AS a
JOIN (
  SELECT DISTINCT s.person_key, s.mask
  FROM scope_school AS s
  JOIN (SELECT DISTINCT school_key FROM media_item) AS i ON i.school_key = s.school_key
) AS s ON s.person_key = a.person_key AND s.mask = a.mask
LEFT JOIN item_first AS f ON f.person_key = a.person_key
WHERE a.population = 'active_accounts' AND a.period = 0
