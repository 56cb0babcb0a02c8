-- table: staffed_school
-- reads: thread_staff
-- args: least_staff
-- grain: one row per school with enough staff
-- columns: school_key
-- In which schools do at least that many members of staff write or receive messages? An answer could be
-- somebody's elsewhere.
SELECT school_key
FROM (SELECT DISTINCT school_key, person_key FROM thread_staff) AS t
GROUP BY school_key
HAVING COUNT(*) >= :least_staff
