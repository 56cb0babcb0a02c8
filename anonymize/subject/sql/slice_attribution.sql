-- table: slice_all, per slice, grouping = all
-- table: slice_level, per slice, grouping = level
-- reads: attribution
-- args: low, high, grouping
-- grain: one row per attribution
-- columns: person_key, mask, grp, school_key
-- The attributions of one slice in one grouping.
SELECT person_key, mask, grp, school_key
FROM attribution
WHERE person_key >= :low AND person_key <= :high AND "grouping" = :grouping
