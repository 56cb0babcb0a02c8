-- table: steady
-- reads: school_year, compared_year
-- grain: one row per school and compared year in which its parents were measured throughout
-- columns: uai, school_year, position
-- Which schools had visits of parents in a school year, and a measure in four of five of its weeks?
SELECT y.uai, y.school_year, c.position
FROM school_year AS y
JOIN compared_year AS c ON c.school_year = y.school_year
WHERE y.parent > 0 AND 5 * y.weeks_parent >= 4 * c.weeks
