-- answer:
-- reads: covered
-- grain: one row for the study
-- columns: grade_weeks
-- How many school weeks have a grade feed?
SELECT COUNT(CASE WHEN grades = 1 THEN 1 END) AS grade_weeks
FROM covered
