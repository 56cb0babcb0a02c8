-- table: book_days, per grouping
-- reads: attributed_book, concerned_book, opening
-- grain: one row per group and account that opened a report book
-- columns: grp, school_key, family_key, person_key, days
-- C4: on how many days do those who open the report book open it?
SELECT a.grp, a.school_key, a.family_key, a.person_key, COUNT(DISTINCT o.local_date) AS days
FROM (
  SELECT grp, school_key, family_key, person_key, MIN(opened_day) AS first_day
  FROM attributed_book
  WHERE opened_day >= 0
  GROUP BY grp, school_key, family_key, person_key
) AS a
JOIN (SELECT DISTINCT grp, person_key, member_key FROM concerned_book) AS c ON c.grp = a.grp AND c.person_key = a.person_key
JOIN opening AS o ON o.person_key = a.person_key AND o.local_date >= a.first_day
WHERE o.school_key = c.member_key OR o.school_key = 0
GROUP BY a.grp, a.school_key, a.family_key, a.person_key
