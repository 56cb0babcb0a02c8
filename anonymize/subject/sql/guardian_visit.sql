-- Who made at least one visit, in any of their scopes? (candidates to be a
-- guardian who visits; the links say whose.)
SELECT DISTINCT person_key FROM visit WHERE profile <> 1
