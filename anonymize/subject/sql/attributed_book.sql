-- table: attributed_book, per grouping
-- reads: concerned_book, opening
-- grain: one row per group, account and report book that concerns it
-- columns: grp, school_key, family_key, person_key, local_date, opened_day
-- The report books that concern each account of a group, with the day of their first opening after the
-- publication (-1 none), where a feed carries openings.
SELECT c.grp, c.school_key, c.family_key, c.person_key, c.local_date, COALESCE(o.opened_day, -1) AS opened_day
FROM concerned_book AS c
LEFT JOIN (
  SELECT b.grp, b.person_key, b.member_key, b.ts_ms, MIN(p.local_date) AS opened_day
  FROM concerned_book AS b
  JOIN opening AS p ON p.person_key = b.person_key AND p.last_ms >= b.ts_ms
  WHERE p.school_key = b.member_key OR p.school_key = 0
  GROUP BY b.grp, b.person_key, b.member_key, b.ts_ms
) AS o ON o.grp = c.grp AND o.person_key = c.person_key AND o.member_key = c.member_key AND o.ts_ms = c.ts_ms
