-- table: spread_family
-- reads: member, person
-- grain: one row per family of several schools or with a band of its own
-- columns: family_key
-- Which families are of more than one school, or have a member whose groups are not those of the school
-- alone?
SELECT p.family_key
FROM person AS p
JOIN member AS m ON m.person_key = p.person_key
GROUP BY p.family_key
HAVING MIN(m.school_key) <> MAX(m.school_key) OR MAX(p.social_band) > 0
