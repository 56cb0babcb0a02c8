-- table: opened_book, per grouping
-- reads: attributed_book
-- grain: one row per group and account that a report book concerns
-- columns: grp, school_key, family_key, person_key, opened
-- C4: who opens the report book?
SELECT grp, school_key, family_key, person_key, MAX(CASE WHEN opened_day >= 0 THEN 1 ELSE 0 END) AS opened
FROM attributed_book
GROUP BY grp, school_key, family_key, person_key
