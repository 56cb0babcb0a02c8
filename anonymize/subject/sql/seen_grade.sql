-- table: seen_grade, adds pupil slice
-- reads: opened_grade
-- grain: one row per pupil and school with a publication
-- columns: person_key, school_key, published, seen, parent_first, parent_first_high, pupil_first, together
-- N6: the published grades of each pupil in each school, those that the pupil or a guardian opened, and who
-- was first by more than 5 minutes, or alone.
SELECT
  child_key AS person_key, school_key,
  COUNT(*) AS published,
  COUNT(CASE WHEN guardian_ms < until_ms OR pupil_ms < until_ms THEN 1 END) AS seen,
  COUNT(CASE WHEN guardian_ms < pupil_ms - 300000 THEN 1 END) AS parent_first,
  COUNT(CASE WHEN guardian_high_ms < pupil_high_ms - 300000 THEN 1 END) AS parent_first_high,
  COUNT(CASE WHEN pupil_ms < guardian_ms - 300000 THEN 1 END) AS pupil_first,
  COUNT(CASE
    WHEN guardian_ms < until_ms AND pupil_ms < until_ms AND ABS(guardian_ms - pupil_ms) <= 300000 THEN 1
  END) AS together
FROM opened_grade
GROUP BY child_key, school_key
