-- The schools of the scopes of one slice. Parameters: first and last person key.
SELECT person_key, mask, school_key
FROM scope_school
WHERE person_key >= ? AND person_key <= ?
