-- Are the weeks of coverage Mondays, or day 0 in rows of the whole window, and are
-- the counts possible?
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(SUM(
        CASE WHEN expected < 0 OR reporting < 0 OR reporting > expected THEN 1 ELSE 0 END
    ), 0) AS BIGINT) AS arithmetic_faults,
    CAST(COALESCE(SUM(
        CASE WHEN MOD(week - CAST('1970-01-01' AS DATE) + 3, 7) <> 0 AND (week <> CAST('1970-01-01' AS DATE) OR service <> 0) THEN 1 ELSE 0 END
    ), 0) AS BIGINT) AS not_monday
FROM coverage
