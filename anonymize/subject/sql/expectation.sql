-- What the visits of a slice were expected to find, beside what they found.
SELECT person_key, school_key, expected
FROM expectation_part
