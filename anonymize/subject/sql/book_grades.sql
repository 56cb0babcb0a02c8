-- table: book_grades, per grouping
-- reads: attributed_book, attributed_viewing, offer
-- grain: one row per group and account that a report book concerns
-- columns: grp, school_key, family_key, person_key, viewed
-- C4: who sees grades, among those whom a report book concerns?
SELECT b.grp, b.school_key, b.family_key, b.person_key, CASE WHEN v.grades > 0 THEN 1 ELSE 0 END AS viewed
FROM (SELECT DISTINCT grp, school_key, family_key, person_key FROM attributed_book) AS b
JOIN offer AS f ON f.school_key = b.school_key AND f.service = :service_grades
LEFT JOIN attributed_viewing AS v ON v.grp = b.grp AND v.person_key = b.person_key
