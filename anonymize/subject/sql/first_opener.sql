-- table: first_opener, adds pupil slice
-- reads: opened_grade, step_bin
-- grain: one row per pupil, school, step and opener
-- columns: person_key, school_key, step, opener, units
-- N6: by the hours from the publication, who opened first: 1 a guardian, 2 the pupil or both together, 0
-- nobody that could be seen. step is the lower edge of the bin. Within 5 minutes is together.
SELECT t.child_key AS person_key, t.school_key, s.low AS step, t.opener, COUNT(*) AS units
FROM (
  SELECT
    h.child_key, h.school_key, h.opener,
    LEAST(CAST((h.waited - MOD(h.waited, 3600000)) / 3600000 AS BIGINT), 336) AS hours
  FROM (
    SELECT
      child_key, school_key,
      GREATEST(LEAST(guardian_ms, pupil_ms, until_ms) - ts_ms, 0) AS waited,
      CASE
        WHEN guardian_ms > until_ms AND pupil_ms > until_ms THEN 0
        WHEN guardian_ms < pupil_ms - 300000 THEN 1
        ELSE 2
      END AS opener
    FROM opened_grade
  ) AS h
) AS t
JOIN step_bin AS s ON s.curve = 'N6.parent' AND s.step = t.hours
GROUP BY t.child_key, t.school_key, s.low, t.opener
