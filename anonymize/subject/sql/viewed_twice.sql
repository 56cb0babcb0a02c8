-- table: viewed_twice, per slice
-- reads: distinct_event
-- grain: one row per person and service that several feeds show
-- columns: person_key, service
-- Whose views of which service do several feeds show? Only these can be one view that two instruments saw.
SELECT person_key, service
FROM distinct_event
WHERE action = :action_access
GROUP BY person_key, service
HAVING MIN(feed) < MAX(feed)
