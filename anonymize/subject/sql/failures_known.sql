-- answer:
-- reads: signing_in
-- grain: one row for the study
-- columns: failures
-- How many sign-ins failed?
SELECT CAST(COALESCE(SUM(failures), 0) AS BIGINT) AS failures
FROM signing_in
