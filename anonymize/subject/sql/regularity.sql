-- The regularity of the subject scopes of one slice, as Go computed it.
SELECT person_key, mask, entropy, burstiness, memory FROM regularity_part
