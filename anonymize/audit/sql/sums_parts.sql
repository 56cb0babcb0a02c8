-- How many cells of sums have a numerator, or a complement, of a few alone?
-- Parameters: least number that noise leaves, twice.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(SUM(
        CASE
            WHEN numerator > 0 AND numerator < ? THEN 1
            WHEN denominator > numerator AND denominator - numerator < ? THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS few
FROM sums
