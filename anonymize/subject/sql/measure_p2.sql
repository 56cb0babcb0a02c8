-- P2: is work handed in from the pupil's account? Pupils for whom any was.
SELECT
  h.grp, 0 AS period, h.school_key, h.family_key,
  'P2.by_pupil' AS measure, 'pupils' AS population,
  h.own AS x, h.own + h.guardians AS y
FROM (
  SELECT a.grp, a.school_key, p.family_key, COALESCE(s.submissions, 0) AS own, COALESCE(g.submissions, 0) AS guardians
  FROM grouped AS a
  JOIN person AS p ON p.person_key = a.person_key AND p.profile = 1
  LEFT JOIN submission AS s ON s.person_key = a.person_key AND s.mask = a.mask
  LEFT JOIN guardian_submission AS g ON g.child_key = a.person_key
) AS h
WHERE h.own + h.guardians > 0
