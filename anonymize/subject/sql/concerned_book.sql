-- table: concerned_book, per grouping
-- reads: account_member, grade, memberships, offer, report_books, study
-- grain: one row per group, account, school and report book
-- columns: grp, school_key, family_key, person_key, member_key, ts_ms, local_date
-- Which report books published in the window concern each account of a group, in the schools that a feed with
-- openings reports for? In a group that is a grade level, those of that grade level.
SELECT DISTINCT a.grp, a.school_key, a.family_key, a.person_key, a.member_key, b.ts_ms, b.local_date
FROM account_member AS a
JOIN offer AS f ON f.school_key = a.member_key AND f.service = :service_report_book
JOIN memberships AS m ON m.person_key = a.person_key AND m.school_key = a.member_key
LEFT JOIN grade AS g ON g.grade_level = a.grp
JOIN report_books AS b ON b.school_key = a.member_key AND (b.grade_level = '' OR b.grade_level = m.grade_level)
CROSS JOIN study AS t
WHERE b.local_date >= t.start_day AND b.local_date <= t.end_day
  AND (g.grade_level IS NULL OR g.grade_level = m.grade_level)
  AND m.from_day <= b.local_date AND (m.to_day < 0 OR m.to_day >= b.local_date)
