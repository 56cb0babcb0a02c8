-- Of which levels, profiles and services does weeks speak?
SELECT DISTINCT
    level,
    CAST(profile AS BIGINT) AS profile,
    CAST(service AS BIGINT) AS service
FROM weeks
ORDER BY level, profile, service
