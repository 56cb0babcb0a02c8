-- Does every cell of a school hold enough persons, stand there once, and do its columns agree?
-- Parameter: threshold.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(MIN(persons), 0) AS BIGINT) AS least,
    CAST(COALESCE(SUM(CASE WHEN persons < ? THEN 1 ELSE 0 END), 0) AS BIGINT) AS below,
    CAST(COALESCE(SUM(
        CASE
            WHEN numerator < 0 OR denominator < 0 OR families > persons OR stands > 1 THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS arithmetic_faults,
    CAST(COALESCE(SUM(
        CASE WHEN denominator = persons AND (numerator = 0 OR numerator = denominator) THEN 1 ELSE 0 END
    ), 0) AS BIGINT) AS uniform
FROM (
    SELECT *, COUNT(*) OVER (PARTITION BY uai, period, measure, population) AS stands
    FROM school_measures
) AS one_cell
