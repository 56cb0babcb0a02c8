-- Does every cell of sums hold enough persons, stand there once, and do its columns agree?
-- The numerator lies between the edges of the bins only where neither has noise of its own.
-- Parameters: threshold, threshold, variance of the noise in thousandths, twice.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(MIN(persons), 0) AS BIGINT) AS least,
    CAST(COALESCE(SUM(CASE WHEN persons < ? THEN 1 ELSE 0 END), 0) AS BIGINT) AS below,
    CAST(COALESCE(SUM(CASE WHEN families < ? THEN 1 ELSE 0 END), 0) AS BIGINT) AS below_families,
    CAST(COALESCE(SUM(
        CASE
            WHEN h00 + h01 + h02 + h03 + h04 + h05 + h06 + h07
                + h08 + h09 + h10 + h11 + h12 + h13 + h14 + h15 <> persons THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS histogram_faults,
    CAST(COALESCE(SUM(
        CASE
            WHEN numerator < 0 OR denominator < 0 OR families > persons OR schools < 1 OR sum_xy < 0 THEN 1
            WHEN cluster < 0 OR cluster >= 1073741824 OR stands > 1 THEN 1
            WHEN numerator = 0 AND (sum_xx <> 0 OR sum_xy <> 0 OR h00 <> persons) THEN 1
            WHEN denominator = 0 AND (sum_yy <> 0 OR sum_xy <> 0) THEN 1
            WHEN CAST(sum_xx AS DECIMAL(38, 0)) * persons < CAST(numerator AS DECIMAL(38, 0)) * numerator THEN 1
            WHEN CAST(sum_yy AS DECIMAL(38, 0)) * persons < CAST(denominator AS DECIMAL(38, 0)) * denominator THEN 1
            WHEN CAST(sum_xy AS DECIMAL(38, 0)) * sum_xy > CAST(sum_xx AS DECIMAL(38, 0)) * sum_yy THEN 1
            WHEN ? = 0 AND 1 * h01 + 2 * h02 + 3 * h03 + 5 * h04 + 8 * h05 + 12 * h06 + 18 * h07 + 26 * h08
                + 38 * h09 + 54 * h10 + 78 * h11 + 110 * h12 + 158 * h13 + 222 * h14 + 318 * h15 > numerator THEN 1
            WHEN ? = 0 AND h15 = 0 AND 1 * h01 + 2 * h02 + 4 * h03 + 7 * h04 + 11 * h05 + 17 * h06 + 25 * h07 + 37 * h08
                + 53 * h09 + 77 * h10 + 109 * h11 + 157 * h12 + 221 * h13 + 317 * h14 < numerator THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS arithmetic_faults
FROM (
    SELECT *, COUNT(*) OVER (PARTITION BY "grouping", "group", cluster, measure, population) AS stands
    FROM sums
) AS one_cell
