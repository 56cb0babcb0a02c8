-- table: signing_in
-- reads: sign_in
-- args: least_persons
-- grain: one row per subject with a sign-in
-- columns: person_key, failures, successes
-- How often did each subject fail to sign in, and succeed, on the feeds that deliver failures, of enough persons? A
-- feed without any does not say.
SELECT
  s.person_key,
  CAST(SUM(s.failures) AS BIGINT) AS failures,
  CAST(SUM(s.successes) AS BIGINT) AS successes
FROM sign_in AS s
JOIN (
  SELECT feed
  FROM sign_in
  GROUP BY feed
  HAVING COUNT(CASE WHEN failures > 0 THEN 1 END) >= :least_persons
) AS f ON f.feed = s.feed
GROUP BY s.person_key
