-- Are the weeks of coverage Mondays in the window, or day 0 in rows of the whole window, are the counts possible, and
-- does each stand there once? By those rows a level has as many schools; of fewer than three there is none, where
-- anybody signed in.
-- Parameters: first and last Monday in days since 1970.
WITH perimeter AS (
    SELECT level, MIN(expected) AS least, MAX(expected) AS schools
    FROM coverage
    WHERE feed LIKE '(%'
    GROUP BY level
),
told AS (
    SELECT MAX(CASE WHEN feed = '(observed)' THEN 1 ELSE 0 END) AS observed FROM coverage
),
one_row AS (
    SELECT *, COUNT(*) OVER (PARTITION BY feed, uai, level, week, service) AS stands
    FROM coverage
)
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(SUM(
        CASE
            WHEN c.expected < 0 OR c.reporting < 0 OR c.reporting > c.expected OR c.stands > 1 THEN 1
            WHEN p.least <> p.schools OR c.expected > p.schools THEN 1
            WHEN p.level IS NULL AND t.observed = 1 AND c.level <> '' AND c.expected > 2 THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS arithmetic_faults,
    CAST(COALESCE(SUM(
        CASE
            WHEN (c.week = CAST('1970-01-01' AS DATE)) <> (c.feed LIKE '(%') THEN 1
            WHEN c.week = CAST('1970-01-01' AS DATE) AND c.service <> 0 THEN 1
            WHEN c.week = CAST('1970-01-01' AS DATE) THEN 0
            WHEN MOD(c.week - CAST('1970-01-01' AS DATE) + 3, 7) <> 0 THEN 1
            WHEN c.week - CAST('1970-01-01' AS DATE) NOT BETWEEN ? AND ? THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS not_monday
FROM one_row AS c
CROSS JOIN told AS t
LEFT JOIN perimeter AS p ON p.level = c.level
