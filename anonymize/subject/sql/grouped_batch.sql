-- table: grouped, per grouping
-- reads: attribution, batch, person, spread_family
-- grain: one row per group and person
-- columns: person_key, grp, school_key, mask, period
-- Several groupings by school at once. The families of one school stand once, in the group '': in every
-- grouping they are in the group of their school. The others stand in each group of each grouping, as
-- 'grouping group'.
SELECT a.person_key, '' AS grp, a.school_key, a.mask, 0 AS period
FROM attribution AS a
JOIN person AS p ON p.person_key = a.person_key
LEFT JOIN spread_family AS f ON f.family_key = p.family_key
WHERE a."grouping" = 'all' AND f.family_key IS NULL
UNION ALL
SELECT a.person_key, a."grouping" || ' ' || a.grp AS grp, a.school_key, a.mask, 0 AS period
FROM attribution AS a
JOIN batch AS b ON b."grouping" = a."grouping"
JOIN person AS p ON p.person_key = a.person_key
JOIN spread_family AS f ON f.family_key = p.family_key
