-- given: compared_year
-- grain: one row per school year that is complete and measured parents
-- columns: school_year, position (0 for the first), weeks (that measure use)
-- Which school years can be compared?
CREATE TABLE compared_year (school_year VARCHAR, position INTEGER, weeks INTEGER)
