-- table: attributed_accompanied, per grouping
-- reads: attributed, matched, risk_set
-- grain: one row per group and accompanied person
-- columns: grp, school_key, family_key, person_key, followed, paired
-- A2: of the accompanied, who could be followed on both sides, and who found somebody alike?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key,
  CASE WHEN r.person_key IS NULL THEN 0 ELSE 1 END AS followed,
  CASE WHEN m.person_key IS NULL THEN 0 ELSE 1 END AS paired
FROM attributed AS a
LEFT JOIN risk_set AS r ON r.person_key = a.person_key AND r.arm = 1
LEFT JOIN matched AS m ON m.person_key = a.person_key AND m.arm = 1
WHERE a.period = 0 AND a.accompanied = 1
