-- The attributions of one slice in one grouping. Parameters: first and last
-- person key, the grouping.
SELECT person_key, mask, grp, school_key
FROM attribution
WHERE person_key >= ? AND person_key <= ? AND grouping = ?
