-- How many schools of school_measures have two names, levels, IPS bands or statuses?
SELECT
    CAST(COUNT(*) AS BIGINT) AS schools,
    CAST(COALESCE(SUM(CASE WHEN said > 1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS twice
FROM (
    SELECT uai, COUNT(*) AS said
    FROM (SELECT DISTINCT uai, name, level, ips_band, ep FROM school_measures) AS one
    GROUP BY uai
) AS school
