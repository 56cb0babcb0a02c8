-- What do school_measures say of the schools?
SELECT DISTINCT
    level,
    ips_band,
    ep
FROM school_measures
ORDER BY level, ips_band, ep
