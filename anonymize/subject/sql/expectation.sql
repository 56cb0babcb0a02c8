-- table: expectation, adds slice
-- reads: expectation_part
-- grain: one row per pair with ten grade visits
-- columns: person_key, school_key, expected, branching, half_life, exciting
-- What the visits of a slice were expected to find, beside what they found, and whether they bring each other.
SELECT person_key, school_key, expected, branching, half_life, exciting
FROM expectation_part
