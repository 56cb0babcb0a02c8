-- table: service_visit, adds slice
-- reads: session
-- grain: one row per scope with such a visit
-- columns: person_key, mask, resources, aids
-- How many visits of each scope of one slice hold a resource, how many translation or reading aloud?
SELECT
  person_key, mask,
  COUNT(DISTINCT CASE WHEN service = :service_resources THEN visit END) AS resources,
  COUNT(DISTINCT CASE WHEN service = :service_accessibility THEN visit END) AS aids
FROM session
WHERE service IN (:service_resources, :service_accessibility)
GROUP BY person_key, mask
