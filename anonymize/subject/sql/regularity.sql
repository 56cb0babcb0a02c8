-- table: regularity, adds slice
-- reads: regularity_part
-- grain: one row per scope with ten visits
-- columns: person_key, mask, entropy, burstiness, memory
-- The regularity of the subject scopes of one slice, as Go computed it.
SELECT person_key, mask, entropy, burstiness, memory FROM regularity_part
