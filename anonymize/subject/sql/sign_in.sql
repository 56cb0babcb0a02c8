-- table: sign_in, adds slice
-- reads: event, person
-- args: subject
-- grain: one row per subject and feed with a sign-in
-- columns: person_key, feed, failures, successes
-- How often did each subject of one slice fail to sign in, and succeed, on each feed?
SELECT
  e.person_key, e.feed,
  CAST(SUM(CASE WHEN e.action = :action_login_failed THEN e.copies ELSE 0 END) AS BIGINT) AS failures,
  CAST(SUM(CASE WHEN e.action = :action_login THEN e.copies ELSE 0 END) AS BIGINT) AS successes
FROM event AS e
JOIN person AS p ON p.person_key = e.person_key
WHERE e.action IN (:action_login, :action_login_failed) AND p.profile = :subject
GROUP BY e.person_key, e.feed
