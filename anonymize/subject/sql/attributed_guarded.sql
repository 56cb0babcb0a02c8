-- table: attributed_guarded, per grouping
-- reads: covered, grouped, guardian, links, person
-- grain: one row per group and pupil with two guardians
-- columns: grp, school_key, family_key, person_key, visiting
-- The pupils with two declared guardians or more, of covered schools, and how many of the guardians visited,
-- at the school they are attributed to in each group of the grouping.
SELECT a.grp, a.school_key, p.family_key, a.person_key, g.visiting
FROM grouped AS a
JOIN person AS p ON p.person_key = a.person_key AND p.profile = :profile_pupil
JOIN (SELECT DISTINCT school_key FROM covered WHERE covered = 1) AS c ON c.school_key = a.school_key
JOIN (
  SELECT l.child_key, COUNT(v.person_key) AS visiting
  FROM (SELECT DISTINCT child_key, guardian_key FROM links) AS l
  LEFT JOIN guardian AS v ON v.person_key = l.guardian_key
  GROUP BY l.child_key
  HAVING COUNT(*) >= 2
) AS g ON g.child_key = a.person_key
