-- table: pair_publication, per slice
-- reads: links, memberships, pair, publication
-- grain: one row per pair and publication
-- columns: person_key, school_key, class_key, ts_ms, local_date, assessed_day, returned_day, until_ms
-- The publications to the classes of the children of each pair of one slice, while they were in the class and
-- the pair was open. Two children of one class are one publication × pair. A pupil who is the subject is
-- their own child.
SELECT DISTINCT
  p.person_key, p.school_key, b.class_key, b.ts_ms, b.local_date, b.assessed_day, b.returned_day, b.until_ms
FROM pair AS p
JOIN (
  SELECT guardian_key AS person_key, child_key FROM links
  UNION
  SELECT person_key, person_key AS child_key FROM pair
) AS l ON l.person_key = p.person_key
JOIN memberships AS m ON m.person_key = l.child_key AND m.school_key = p.school_key
JOIN publication AS b
  ON b.school_key = m.school_key AND b.class_key = m.class_key
  AND b.local_date >= p.open_day AND b.local_date >= m.from_day AND (m.to_day < 0 OR b.local_date <= m.to_day)
WHERE m.class_key <> 0
