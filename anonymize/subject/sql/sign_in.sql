-- How often did each subject of one slice fail to sign in, and succeed, on each
-- feed? Parameter: the subject's profile.
SELECT
  e.person_key,
  e.feed,
  CAST(SUM(CASE WHEN e.action = 3 THEN e.copies ELSE 0 END) AS BIGINT) AS failures,
  CAST(SUM(CASE WHEN e.action = 1 THEN e.copies ELSE 0 END) AS BIGINT) AS successes
FROM event AS e
JOIN person AS p ON p.person_key = e.person_key
WHERE e.action IN (1, 3) AND p.profile = ?
GROUP BY e.person_key, e.feed
