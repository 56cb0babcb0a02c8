-- table: submission, adds slice
-- reads: event, slice_scope, slice_scope_school
-- grain: one row per scope with work handed in
-- columns: person_key, mask, submissions
-- How much work was handed in from each scope of one slice? A record without school counts in every scope.
SELECT n.person_key, n.mask, CAST(SUM(n.copies) AS BIGINT) AS submissions
FROM (
  SELECT s.person_key, s.mask, e.copies
  FROM event AS e
  JOIN slice_scope_school AS s ON s.person_key = e.person_key AND s.school_key = e.school_key
  WHERE e.action = :action_submit
  UNION ALL
  SELECT s.person_key, s.mask, e.copies
  FROM event AS e
  JOIN slice_scope AS s ON s.person_key = e.person_key
  WHERE e.action = :action_submit AND e.school_key = 0
) AS n
GROUP BY n.person_key, n.mask
