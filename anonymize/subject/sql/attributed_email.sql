-- table: attributed_email, per grouping
-- reads: attributed, person
-- grain: one row per group and subject
-- columns: grp, school_key, family_key, person_key, school_weeks, covered_weeks, created_day, visits, email_known
-- F2: the visits of the whole window, beside whether an e-mail address is known.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, a.school_weeks, a.covered_weeks, a.created_day, a.visits,
  p.email_known
FROM attributed AS a
JOIN person AS p ON p.person_key = a.person_key
WHERE a.period = 0
