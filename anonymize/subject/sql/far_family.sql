-- table: far_family, per grouping
-- reads: accompaniment, attributed_family, attribution, behaviour, message_received, person, study
-- grain: one row per group and family
-- columns: grp, school_key, family_key, far
-- F6: which families does nothing reach in the window: no visit, no message opened, no accompaniment, of any
-- guardian and in any school?
SELECT a.grp, a.school_key, a.family_key, CASE WHEN f.family_key IS NULL THEN 1 ELSE 0 END AS far
FROM attributed_family AS a
LEFT JOIN (
  SELECT DISTINCT p.family_key
  FROM attribution AS t
  JOIN person AS p ON p.person_key = t.person_key
  JOIN (
    SELECT person_key FROM behaviour WHERE period = 0 AND visits > 0
    UNION
    SELECT person_key FROM message_received WHERE opened > 0
    UNION
    SELECT c.person_key
    FROM accompaniment AS c
    CROSS JOIN study AS w
    WHERE c.local_date >= w.start_day AND c.local_date <= w.end_day
  ) AS r ON r.person_key = t.person_key
  WHERE t."grouping" = 'all'
) AS f ON f.family_key = a.family_key
