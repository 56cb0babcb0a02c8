-- Does every cell of times hold enough persons, and do its columns agree? A person
-- may stand behind several units at risk.
-- Parameter: threshold.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(MIN(persons), 0) AS BIGINT) AS least,
    CAST(COALESCE(SUM(CASE WHEN persons < ? THEN 1 ELSE 0 END), 0) AS BIGINT) AS below,
    CAST(COALESCE(SUM(
        CASE
            WHEN bin < 0 OR at_risk < 0 OR events < 0 OR censored < 0
                OR events + censored > at_risk THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS arithmetic_faults
FROM times
