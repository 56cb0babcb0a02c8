-- How many persons, children and families are in scope? Parameter: the subject's profile.
SELECT
  COUNT(DISTINCT a.person_key) AS persons,
  COUNT(DISTINCT l.child_key) AS children,
  COUNT(DISTINCT p.family_key) AS families,
  COUNT(DISTINCT a.school_key) AS schools
FROM attribution AS a
JOIN person AS p ON p.person_key = a.person_key
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
LEFT JOIN links AS l ON l.guardian_key = a.person_key
WHERE a.grouping = ? AND p.profile = ? AND b.covered_weeks > 0
