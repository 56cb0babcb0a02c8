-- table: attributed_submission, per grouping
-- reads: grouped, guardian_submission, person, submission
-- grain: one row per group and pupil with work handed in
-- columns: grp, school_key, family_key, person_key, own, guardians
-- P2: is work handed in from the pupil's account? Pupils for whom any was.
SELECT h.grp, h.school_key, h.family_key, h.person_key, h.own, h.guardians
FROM (
  SELECT
    a.grp, a.school_key, p.family_key, a.person_key,
    COALESCE(s.submissions, 0) AS own, COALESCE(g.submissions, 0) AS guardians
  FROM grouped AS a
  JOIN person AS p ON p.person_key = a.person_key AND p.profile = :profile_pupil
  LEFT JOIN submission AS s ON s.person_key = a.person_key AND s.mask = a.mask
  LEFT JOIN guardian_submission AS g ON g.child_key = a.person_key
) AS h
WHERE h.own + h.guardians > 0
