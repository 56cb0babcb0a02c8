-- Does every cell of times hold enough persons, and do its columns agree? A person
-- may stand behind several units at risk. A curve begins at bin 0 and has the persons and schools of its
-- cluster in each; at risk are those whom the bin before left, and in the last one all are accounted for.
-- Parameter: threshold.
WITH curve_bin AS (
    SELECT
        *,
        LAG(at_risk - events - censored) OVER one_curve AS remaining,
        LAG(persons) OVER one_curve AS persons_before,
        LAG(schools) OVER one_curve AS schools_before,
        LAG(bin) OVER one_curve AS bin_before,
        LEAD(bin) OVER one_curve AS bin_after
    FROM times
    WINDOW one_curve AS (PARTITION BY curve, "grouping", "group", cluster ORDER BY bin)
)
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(MIN(persons), 0) AS BIGINT) AS least,
    CAST(COALESCE(SUM(CASE WHEN persons < ? THEN 1 ELSE 0 END), 0) AS BIGINT) AS below,
    CAST(COALESCE(SUM(
        CASE
            WHEN bin < 0 OR at_risk < 0 OR events < 0 OR censored < 0
                OR events + censored > at_risk OR schools < 1 THEN 1
            WHEN cluster < 0 OR cluster >= 1073741824 THEN 1
            WHEN bin <> COALESCE(bin_before + 1, 0) THEN 1
            WHEN at_risk <> COALESCE(remaining, at_risk) THEN 1
            WHEN persons <> COALESCE(persons_before, persons) THEN 1
            WHEN schools <> COALESCE(schools_before, schools) THEN 1
            WHEN bin_after IS NULL AND censored <> at_risk - events THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS arithmetic_faults
FROM curve_bin
