-- N6: who opens a grade first, of the grades that anybody opened and of all?
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.parent_first' AS measure, 'seen_grades' AS population,
  parent_first AS x, seen AS y
FROM attributed_grade
WHERE seen > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.parent_first_high' AS measure, 'seen_grades' AS population,
  parent_first_high AS x, seen AS y
FROM attributed_grade
WHERE seen > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.pupil_first' AS measure, 'seen_grades' AS population,
  pupil_first AS x, seen AS y
FROM attributed_grade
WHERE seen > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.together' AS measure, 'seen_grades' AS population,
  together AS x, seen AS y
FROM attributed_grade
WHERE seen > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.parent_first' AS measure, 'published_grades' AS population,
  parent_first AS x, published AS y
FROM attributed_grade
WHERE published > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.parent_first_high' AS measure, 'published_grades' AS population,
  parent_first_high AS x, published AS y
FROM attributed_grade
WHERE published > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.pupil_first' AS measure, 'published_grades' AS population,
  pupil_first AS x, published AS y
FROM attributed_grade
WHERE published > 0
UNION ALL
SELECT
  grp, 0 AS period, attributed_key AS school_key, family_key,
  'N6.together' AS measure, 'published_grades' AS population,
  together AS x, published AS y
FROM attributed_grade
WHERE published > 0
