-- table: attributed_pupil, per grouping
-- reads: grouped, guardian, links, person, pupil
-- grain: one row per group and pupil with a visit
-- columns: grp, school_key, person_key, family_key, strict, loose, guarded
-- The pupils with a visit at the school they are attributed to in each group of the grouping, and whether a
-- guardian of theirs visits.
SELECT
  a.grp, a.school_key, p.person_key, p.family_key, u.strict, u.loose,
  CASE WHEN g.child_key IS NOT NULL THEN 1 ELSE 0 END AS guarded
FROM grouped AS a
JOIN pupil AS u ON u.person_key = a.person_key AND u.mask = a.mask
JOIN person AS p ON p.person_key = a.person_key
LEFT JOIN (
  SELECT DISTINCT l.child_key
  FROM links AS l
  JOIN guardian AS v ON v.person_key = l.guardian_key
) AS g ON g.child_key = a.person_key
