-- table: homework_pupil
-- reads: homework, links, member, person
-- grain: one row per pupil and school with a view
-- columns: person_key, school_key, own, guardians
-- How often did each pupil look at homework in each school, and their guardians for them? A guardian with
-- several children in the school whose records do not say which one leaves all of them out: the views cannot
-- be shared.
SELECT
  h.person_key, h.school_key,
  CAST(SUM(h.own) AS BIGINT) AS own,
  CAST(SUM(h.guardians) AS BIGINT) AS guardians
FROM (
  SELECT v.person_key, v.school_key, v.views AS own, 0 AS guardians, 0 AS doubtful
  FROM homework AS v
  JOIN person AS p ON p.person_key = v.person_key AND p.profile = :profile_pupil
  UNION ALL
  SELECT
    l.child_key AS person_key, v.school_key, 0 AS own, v.views AS guardians,
    CASE WHEN v.child_key = 0 AND k.children > 1 THEN 1 ELSE 0 END AS doubtful
  FROM homework AS v
  JOIN (SELECT DISTINCT child_key, guardian_key FROM links) AS l
    ON l.guardian_key = v.person_key AND (v.child_key = 0 OR v.child_key = l.child_key)
  JOIN member AS c ON c.person_key = l.child_key AND c.school_key = v.school_key
  JOIN (
    SELECT l.guardian_key, m.school_key, COUNT(*) AS children
    FROM (SELECT DISTINCT child_key, guardian_key FROM links) AS l
    JOIN member AS m ON m.person_key = l.child_key
    GROUP BY l.guardian_key, m.school_key
  ) AS k ON k.guardian_key = v.person_key AND k.school_key = v.school_key
) AS h
GROUP BY h.person_key, h.school_key
HAVING MAX(h.doubtful) = 0
