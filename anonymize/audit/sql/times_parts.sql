-- How many bins of times have a few units alone that leave with their event, or without?
-- Parameters: least number that noise leaves, twice.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(SUM(
        CASE
            WHEN events > 0 AND events < ? THEN 1
            WHEN censored > 0 AND censored < ? THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS few
FROM times
