-- table: member
-- reads: bit, memberships
-- args: start, end
-- grain: one row per person and school
-- columns: person_key, school_key, from_day, bit
-- Of which schools was each person a member during the window? A day of -1 is an open end. bit is 2^(rank of
-- the school among the person's): sums of bits name sets of schools.
SELECT r.person_key, r.school_key, r.from_day, b.bit
FROM (
  SELECT
    person_key, school_key,
    MIN(from_day) AS from_day,
    ROW_NUMBER() OVER (PARTITION BY person_key ORDER BY school_key) AS position
  FROM memberships
  WHERE school_key <> 0 AND (to_day < 0 OR to_day >= :start) AND from_day <= :end
  GROUP BY person_key, school_key
) AS r
JOIN bit AS b ON b.position = r.position
