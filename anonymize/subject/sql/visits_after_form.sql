-- table: visits_after_form, per grouping
-- reads: accompanied, account, covered, person_week
-- grain: one row per group and accompanied account
-- columns: grp, school_key, family_key, person_key, form, visits, weeks
-- A3: how often do the accompanied visit afterwards, by the form of the first accompaniment?
SELECT
  a.grp, a.school_key, a.family_key, a.person_key, r.form,
  CAST(SUM(COALESCE(v.visits, 0)) AS BIGINT) AS visits, COUNT(*) AS weeks
FROM account AS a
JOIN accompanied AS r ON r.person_key = a.person_key AND r.form >= 1 AND r.form <= 4
JOIN covered AS c ON c.school_key = a.school_key AND c.covered = 1 AND c.week_day > r.local_date AND c.week_day >= a.open_day
LEFT JOIN person_week AS v ON v.person_key = a.person_key AND v.week_day = c.week_day
WHERE a.population = 'all_accounts' AND a.period = 0
GROUP BY a.grp, a.school_key, a.family_key, a.person_key, r.form
