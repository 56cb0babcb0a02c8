-- answer:
-- reads: offer
-- grain: one row per service
-- columns: service
-- Which services does any feed carry?
SELECT DISTINCT CAST(service AS BIGINT) AS service
FROM offer
ORDER BY service
