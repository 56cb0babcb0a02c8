-- Of which feeds, levels and services does coverage speak?
SELECT DISTINCT
    feed,
    level,
    CAST(service AS BIGINT) AS service
FROM coverage
ORDER BY feed, level, service
