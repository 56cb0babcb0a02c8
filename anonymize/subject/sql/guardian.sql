-- table: guardian, adds slice
-- reads: visit
-- grain: one row per person with a visit who is no pupil, by slice
-- columns: person_key
-- Who made at least one visit, in any of their scopes? (candidates to be a guardian who visits; the links say
-- whose.)
SELECT DISTINCT person_key FROM visit WHERE profile <> :profile_pupil
