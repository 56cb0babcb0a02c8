-- view: attribution
-- reads: member_grade, person, school_group, several
-- grain: one row per person, grouping and group
-- columns: person_key, grouping, grp, school_key, mask
-- To which school is a person attributed in each group, once, and on which set of schools is the person's
-- behaviour there computed?
SELECT p.person_key, g."grouping", g.grp, p.school_key, CAST(1 AS BIGINT) AS mask
FROM person AS p
JOIN school_group AS g ON g.school_key = p.school_key
WHERE p.schools = 1 AND p.social_band <= 0
UNION ALL
SELECT p.person_key, 'grade' AS "grouping", o.grade_level AS grp, p.school_key, CAST(1 AS BIGINT) AS mask
FROM person AS p
JOIN member_grade AS o ON o.person_key = p.person_key
WHERE p.schools = 1 AND p.social_band <= 0
UNION ALL
SELECT person_key, "grouping", grp, MIN(school_key) AS school_key, mask
FROM several
GROUP BY person_key, "grouping", grp, mask
