-- How many of each further protected unit does the smallest profile of a released table have?
WITH counted AS (
    SELECT
        member.unit,
        bearer.profile,
        COUNT(DISTINCT member.member) AS members
    FROM member
    INNER JOIN bearer ON member.record = bearer.record
    GROUP BY member.unit, bearer.profile
)
SELECT
    unit,
    CAST(MIN(members) AS BIGINT) AS least
FROM counted
GROUP BY unit
ORDER BY unit
