-- By the name of a school: does coverage speak of any service in one, of schools alone that have measures, and of
-- those that a feed reports for? What rests on few persons says the same as what rests on nobody.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(SUM(CASE WHEN c.service <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS of_a_service,
    CAST(COALESCE(SUM(CASE WHEN m.uai IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS without_measures,
    CAST(COALESCE(SUM(CASE WHEN c.expected <> 1 OR s.weeks = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS not_reported
FROM coverage AS c
LEFT JOIN (SELECT DISTINCT uai FROM school_measures) AS m ON m.uai = c.uai
JOIN (
    SELECT feed, uai, SUM(reporting) AS weeks
    FROM coverage
    GROUP BY feed, uai
) AS s ON s.feed = c.feed AND s.uai = c.uai
