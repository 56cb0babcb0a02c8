-- answer:
-- reads: school_group
-- grain: one row per school and grouping
-- columns: school_key, grouping, grp
-- In which group of each grouping by school is each school?
SELECT school_key, "grouping", grp
FROM school_group
WHERE "grouping" <> 'school'
ORDER BY school_key, "grouping"
