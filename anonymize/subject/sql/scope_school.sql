-- table: scope_school
-- reads: person, several
-- grain: one row per scope and school
-- columns: person_key, mask, school_key
-- Which schools are in each scope (person × set of schools)?
SELECT person_key, CAST(1 AS BIGINT) AS mask, school_key
FROM person
WHERE schools = 1 AND social_band <= 0
UNION ALL
SELECT DISTINCT person_key, mask, school_key
FROM several
