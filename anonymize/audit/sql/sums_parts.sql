-- How many cells of sums have a numerator, a complement or a bin of a few alone?
-- Parameters: least number that noise leaves, three times.
SELECT
    CAST(COUNT(*) AS BIGINT) AS cells,
    CAST(COALESCE(SUM(
        CASE
            WHEN numerator > 0 AND numerator < ? THEN 1
            WHEN denominator > numerator AND denominator - numerator < ? THEN 1
            WHEN LEAST(
                CASE WHEN h00 > 0 THEN h00 END,
                CASE WHEN h01 > 0 THEN h01 END,
                CASE WHEN h02 > 0 THEN h02 END,
                CASE WHEN h03 > 0 THEN h03 END,
                CASE WHEN h04 > 0 THEN h04 END,
                CASE WHEN h05 > 0 THEN h05 END,
                CASE WHEN h06 > 0 THEN h06 END,
                CASE WHEN h07 > 0 THEN h07 END,
                CASE WHEN h08 > 0 THEN h08 END,
                CASE WHEN h09 > 0 THEN h09 END,
                CASE WHEN h10 > 0 THEN h10 END,
                CASE WHEN h11 > 0 THEN h11 END,
                CASE WHEN h12 > 0 THEN h12 END,
                CASE WHEN h13 > 0 THEN h13 END,
                CASE WHEN h14 > 0 THEN h14 END,
                CASE WHEN h15 > 0 THEN h15 END
            ) < ? THEN 1
            ELSE 0
        END
    ), 0) AS BIGINT) AS few
FROM sums
