-- table: slice_scope_school, per slice
-- reads: scope_school, slice_scope
-- grain: one row per scope and school
-- columns: person_key, mask, school_key
-- The schools of the scopes of one slice.
SELECT s.person_key, s.mask, s.school_key
FROM scope_school AS s
JOIN slice_scope AS x ON x.person_key = s.person_key AND x.mask = s.mask
