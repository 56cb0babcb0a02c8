-- table: expectation, adds slice
-- reads: expectation_part
-- grain: one row per pair with ten grade visits
-- columns: person_key, school_key, expected
-- What the visits of a slice were expected to find, beside what they found.
SELECT person_key, school_key, expected
FROM expectation_part
