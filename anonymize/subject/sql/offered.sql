-- Which services does any feed carry?
SELECT DISTINCT CAST(service AS BIGINT) AS service
FROM offer
ORDER BY service
