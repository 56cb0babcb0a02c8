-- table: attributed_match, per grouping
-- reads: attributed, matched
-- grain: one row per group and matched person
-- columns: grp, school_key, family_key, person_key, first_date, arm, form, day, visits_before, visits_late,
--   visits_after, newcomer, email_known, schools, later
-- A2: visits before and after an accompaniment, of the accompanied and of those matched with them. The day
-- and the form of a control are those of the matched parent.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, a.first_date, m.arm, m.form, m.day, m.visits_before,
  m.visits_late, m.visits_after, m.newcomer, m.email_known, m.schools, m.later
FROM attributed AS a
JOIN matched AS m ON m.person_key = a.person_key
WHERE a.period = 0
