-- table: observed, adds slice
-- reads: event, member, person
-- grain: one row per school somebody signed in for, by slice
-- columns: school_key, persons
-- For which schools did pupils or parents of one slice sign in, and how many? An event that names no school says it
-- for those of one school.
SELECT school_key, COUNT(*) AS persons
FROM (
  SELECT DISTINCT m.school_key, m.person_key
  FROM (
    SELECT DISTINCT person_key, school_key
    FROM event
    WHERE action <> :action_login_failed
  ) AS e
  JOIN person AS p ON p.person_key = e.person_key AND p.profile IN (:profile_pupil, :profile_parent)
  JOIN member AS m ON m.person_key = e.person_key AND (m.school_key = e.school_key OR e.school_key = 0 AND p.schools = 1)
) AS s
GROUP BY school_key
