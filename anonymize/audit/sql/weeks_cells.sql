-- Does every cell of weeks hold enough persons, and stand there once? Teachers (2) and staff (4) have
-- their own threshold. A week is named by its Monday, and lies in the window.
-- Parameters: staff threshold, threshold, first and last Monday in days since 1970.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(MIN(persons), 0) AS BIGINT) AS least,
    CAST(COALESCE(SUM(
        CASE
            WHEN profile IN (2, 4) AND persons < ? THEN 1
            WHEN profile NOT IN (2, 4) AND persons < ? THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS below,
    CAST(COALESCE(SUM(
        CASE
            WHEN visits < persons OR persons < 0 OR schools < 1 THEN 1
            WHEN cluster < 0 OR cluster >= 1073741824 OR stands > 1 THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS arithmetic_faults,
    CAST(COALESCE(SUM(
        CASE
            WHEN MOD(week - CAST('1970-01-01' AS DATE) + 3, 7) <> 0 THEN 1
            WHEN week - CAST('1970-01-01' AS DATE) NOT BETWEEN ? AND ? THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS not_monday
FROM (
    SELECT *, COUNT(*) OVER (PARTITION BY level, cluster, week, profile, service) AS stands
    FROM weeks
) AS one_week
