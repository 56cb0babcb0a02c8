-- table: signing_in
-- reads: sign_in
-- grain: one row per subject with a sign-in
-- columns: person_key, failures, successes
-- How often did each subject fail to sign in, and succeed, on the feeds that deliver failures? A feed without
-- any does not say.
SELECT
  s.person_key,
  CAST(SUM(s.failures) AS BIGINT) AS failures,
  CAST(SUM(s.successes) AS BIGINT) AS successes
FROM sign_in AS s
JOIN (SELECT feed FROM sign_in GROUP BY feed HAVING SUM(failures) > 0) AS f ON f.feed = s.feed
GROUP BY s.person_key
