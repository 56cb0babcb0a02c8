-- The report books that concern each account of a group, with the day of their
-- first opening after the publication (-1 none), where a feed carries openings. In a
-- group that is a grade level, those of that grade level.
SELECT
  c.grp, c.school_key, c.family_key, c.person_key, c.local_date,
  COALESCE(MIN(o.local_date), -1) AS opened_day
FROM (
  SELECT DISTINCT
    a.grp, a.school_key, a.family_key, a.person_key, a.member_key, b.ts_ms, b.local_date
  FROM account_member AS a
  JOIN offer AS f ON f.school_key = a.member_key AND f.service = 102
  JOIN memberships AS m ON m.person_key = a.person_key AND m.school_key = a.member_key
  LEFT JOIN grade AS g ON g.grade_level = a.grp
  JOIN report_books AS b ON b.school_key = a.member_key AND (b.grade_level = '' OR b.grade_level = m.grade_level)
  CROSS JOIN study AS t
  WHERE b.local_date >= t.start_day AND b.local_date <= t.end_day
    AND (g.grade_level IS NULL OR g.grade_level = m.grade_level)
    AND m.from_day <= b.local_date AND (m.to_day < 0 OR m.to_day >= b.local_date)
) AS c
LEFT JOIN opening AS o
  ON o.person_key = c.person_key AND (o.school_key = c.member_key OR o.school_key = 0) AND o.last_ms >= c.ts_ms
GROUP BY c.grp, c.school_key, c.family_key, c.person_key, c.member_key, c.ts_ms, c.local_date
