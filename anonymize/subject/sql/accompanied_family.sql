-- table: accompanied_family
-- reads: accompaniment, person
-- grain: one row per family with an accompaniment
-- columns: family_key, week_day
-- In which week was anybody of each family first accompanied, by all that the register holds?
SELECT p.family_key, MIN(a.local_date - MOD(a.local_date + 3, 7)) AS week_day
FROM accompaniment AS a
JOIN person AS p ON p.person_key = a.person_key
GROUP BY p.family_key
