-- How often did each subject of one slice view news and blogs, and grades, by the
-- school of the event (0 unknown)? Parameter: the subject's profile.
SELECT
  e.person_key,
  e.school_key,
  CAST(SUM(CASE WHEN e.service IN (11, 104) THEN e.copies ELSE 0 END) AS BIGINT) AS news,
  CAST(SUM(CASE WHEN e.service = 3 THEN e.copies ELSE 0 END) AS BIGINT) AS grades
FROM event AS e
JOIN person AS p ON p.person_key = e.person_key
WHERE e.service IN (3, 11, 104) AND e.action <> 3 AND p.profile = ?
GROUP BY e.person_key, e.school_key
