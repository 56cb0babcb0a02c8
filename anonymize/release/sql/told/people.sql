-- answer:
-- reads: people
-- args: end
-- grain: one row per person
-- columns: release_key, profile, created_day, activated_day, email_known, phone_known, social_band
-- What does the directory say of each person? An account that was made after the window is in no cell, unlike one of which it
-- is not known when it was made; one that was not in use by its end is like one that never is.
SELECT
  r.release_key,
  CAST(r.profile AS BIGINT) AS profile,
  CAST(CASE WHEN r.created_day > :end THEN 2147483647 ELSE r.created_day END AS BIGINT) AS created_day,
  CAST(CASE WHEN r.activated_day > :end THEN -1 ELSE r.activated_day END AS BIGINT) AS activated_day,
  CAST(r.email_known AS BIGINT) AS email_known,
  CAST(r.phone_known AS BIGINT) AS phone_known,
  CAST(r.social_band AS BIGINT) AS social_band
FROM people AS r
ORDER BY r.release_key
