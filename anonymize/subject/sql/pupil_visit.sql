-- table: pupil_visit, per slice
-- reads: day, visit
-- grain: one row per pupil scope and visit
-- columns: person_key, mask, grades, grade_ms, strict, loose
-- The visits of the pupils of one slice, and whether a parent may have made them. strict: a page only a
-- guardian needs. loose, which must not miss one: that, or a visit that does not tell what it was for, or
-- grades or messages without homework, or grades or messages on a school day while the pupil should be in
-- class (not Wednesday, 9–12 h or 14–16 h).
SELECT
  v.person_key, v.mask, v.grades, v.grade_ms, v.parent_only AS strict, CASE
    WHEN v.parent_only = 1 THEN 1
    WHEN v.told = 0 THEN 1
    WHEN v.homework = 0 AND (v.grades = 1 OR v.messages = 1) THEN 1
    WHEN d.school_day = 1 AND d.weekday <> 3 AND (v.grades = 1 OR v.messages = 1)
      AND (v.local_hour >= 9 AND v.local_hour < 12 OR v.local_hour >= 14 AND v.local_hour < 16) THEN 1
    ELSE 0
  END AS loose
FROM visit AS v
JOIN day AS d ON d.zone = v.zone AND d.local_date = v.local_date
WHERE v.profile = :profile_pupil
