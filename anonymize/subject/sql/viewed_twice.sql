-- Whose views of which service do several feeds show? Only these can be one view
-- that two instruments saw.
SELECT person_key, service
FROM event
WHERE action = 0
GROUP BY person_key, service
HAVING MIN(feed) < MAX(feed)
