-- How many visits of each scope of one slice hold a resource, how many translation
-- or reading aloud?
SELECT
  person_key,
  mask,
  COUNT(DISTINCT CASE WHEN service = 13 THEN visit END) AS resources,
  COUNT(DISTINCT CASE WHEN service = 107 THEN visit END) AS aids
FROM session
WHERE service IN (13, 107)
GROUP BY person_key, mask
