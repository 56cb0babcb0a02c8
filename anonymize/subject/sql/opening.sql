-- On which days did each subject of one slice open a report book, and when first
-- that day? Parameter: the subject's profile.
SELECT e.person_key, e.school_key, e.local_date, MIN(e.ts_ms) AS first_ms, MAX(e.ts_ms) AS last_ms
FROM event AS e
JOIN person AS p ON p.person_key = e.person_key
WHERE e.service = 102 AND e.action <> 3 AND p.profile = ?
GROUP BY e.person_key, e.school_key, e.local_date
