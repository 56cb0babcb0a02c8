-- answer:
-- reads: accompanied, accompanied_family, arm_week, attribution, behaviour, member, person, person_week
-- args: parts, part, subject
-- grain: one row per school, week of a first accompaniment and person at risk of one
-- columns: school_key, accompanied_week, arm, person_key, family_key, visits_before, visits_late, visits_after,
--   newcomer, email_known, schools, later, day, form
-- Who may be matched in a week of a first accompaniment that has its four weeks on both sides: the parents of the
-- school in whose family nobody was accompanied before. arm is 1 for those first accompanied in that week, 0 for
-- those in whose family nobody is yet, whatever comes after: who is accompanied later does not count among the
-- others for it. later is 1 if that comes within the weeks after. newcomer is 1 for those without a visit in the
-- window before that week; day and form are of the accompaniment, -1 for the others.
SELECT
  a.school_key, w.accompanied_week,
  CASE WHEN r.person_key IS NULL THEN 0 ELSE 1 END AS arm,
  a.person_key, p.family_key,
  CAST(SUM(CASE WHEN w.side = 0 THEN COALESCE(v.visits, 0) ELSE 0 END) AS BIGINT) AS visits_before,
  CAST(SUM(CASE WHEN w.side = 0 AND w.distance <= 2 THEN COALESCE(v.visits, 0) ELSE 0 END) AS BIGINT) AS visits_late,
  CAST(SUM(CASE WHEN w.side = 1 THEN COALESCE(v.visits, 0) ELSE 0 END) AS BIGINT) AS visits_after,
  CAST(MAX(CASE WHEN b.first_date < 0 OR b.first_date >= w.accompanied_week THEN 1 ELSE 0 END) AS BIGINT) AS newcomer,
  CAST(MAX(p.email_known) AS BIGINT) AS email_known,
  CAST(MAX(p.schools) AS BIGINT) AS schools,
  CAST(MAX(CASE WHEN f.week_day > w.accompanied_week AND f.week_day <= w.last_week THEN 1 ELSE 0 END) AS BIGINT) AS later,
  CAST(COALESCE(MAX(r.local_date), -1) AS BIGINT) AS day,
  CAST(COALESCE(MAX(r.form), -1) AS BIGINT) AS form
FROM attribution AS a
JOIN person AS p ON p.person_key = a.person_key
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
JOIN member AS m ON m.person_key = a.person_key AND m.school_key = a.school_key
JOIN (
  SELECT
    school_key, accompanied_week, week_day, side, distance,
    MIN(week_day) OVER (PARTITION BY school_key, accompanied_week) AS first_week,
    MAX(week_day) OVER (PARTITION BY school_key, accompanied_week) AS last_week
  FROM arm_week
) AS w ON w.school_key = a.school_key
LEFT JOIN accompanied AS r
  ON r.person_key = a.person_key AND r.local_date - MOD(r.local_date + 3, 7) = w.accompanied_week
LEFT JOIN accompanied_family AS f ON f.family_key = p.family_key
LEFT JOIN person_week AS v ON v.person_key = a.person_key AND v.week_day = w.week_day
WHERE a."grouping" = 'all'
  AND MOD(a.school_key, :parts) = :part
  AND p.profile = :subject
  AND p.created_day <= w.first_week
  AND m.from_day <= w.first_week
  AND (f.family_key IS NULL
    OR f.week_day > w.accompanied_week
    OR f.week_day = w.accompanied_week AND r.person_key IS NOT NULL)
GROUP BY a.school_key, w.accompanied_week, r.person_key, a.person_key, p.family_key
ORDER BY a.school_key, w.accompanied_week, arm, a.person_key
