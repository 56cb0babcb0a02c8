-- table: season
-- reads: measured, calendar
-- args: school_year
-- grain: one row per school and kind of week (term 1: with class, 0: without) of one school year
-- order: uai, term
-- columns: uai, term, visits, weeks (of parents, in the weeks that measure use)
-- How often do parents come in weeks of term and in holidays? Weeks cut by a holiday are in neither.
SELECT
  m.uai, CASE WHEN k.term_days = 0 THEN 0 ELSE 1 END AS term,
  CAST(COALESCE(SUM(m.parent), 0) AS BIGINT) AS visits, COUNT(m.parent) AS weeks
FROM measured AS m
JOIN calendar AS k ON k.zone = m.zone AND k.week_day = m.week_day AND (k.term_days = 0 OR k.term_days >= 4)
WHERE m.school_year = ?
GROUP BY m.uai, CASE WHEN k.term_days = 0 THEN 0 ELSE 1 END
