-- answer:
-- reads: offer
-- grain: one row per service
-- columns: service
-- Which services does any feed carry?
SELECT DISTINCT service
FROM offer
ORDER BY service
