-- table: attributed_risk, per grouping
-- reads: attributed, risk_set
-- grain: one row per group and person at risk of an accompaniment, in each arm
-- columns: grp, school_key, family_key, person_key, arm, visits_before, visits_late, newcomer, email_known, schools
-- A2: the accompanied, and beside each some of those who might have been matched, before anybody was.
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, r.arm, r.visits_before, r.visits_late, r.newcomer, r.email_known,
  r.schools
FROM attributed AS a
JOIN risk_set AS r ON r.person_key = a.person_key
WHERE a.period = 0
