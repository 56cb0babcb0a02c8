-- table: opened_grade, per pupil slice
-- reads: grade_opening, memberships, person, publication
-- args: low, high
-- grain: one row per pupil and publication
-- columns: child_key, school_key, ts_ms, until_ms, guardian_ms, pupil_ms, guardian_high_ms, pupil_high_ms
-- Every publication × pupil of the class, for a range of pupils: when a guardian first opened grades after
-- it, and when the pupil did. The high variant takes the visits of the pupil's account that a parent may have
-- made for a guardian's. The largest number stands for never.
SELECT
  child_key, school_key, ts_ms, until_ms,
  CASE WHEN guardian_ms < until_ms THEN guardian_ms ELSE 9223372036854775807 END AS guardian_ms,
  CASE WHEN pupil_ms < until_ms THEN pupil_ms ELSE 9223372036854775807 END AS pupil_ms,
  CASE WHEN guardian_high_ms < until_ms THEN guardian_high_ms ELSE 9223372036854775807 END AS guardian_high_ms,
  CASE WHEN pupil_high_ms < until_ms THEN pupil_high_ms ELSE 9223372036854775807 END AS pupil_high_ms
FROM (
  SELECT
    m.child_key, m.school_key, m.ts_ms, m.until_ms, m.opener,
    COALESCE(MIN(CASE WHEN m.opener IN (0) THEN m.ts_ms END) OVER later, 9223372036854775807) AS guardian_ms,
    COALESCE(MIN(CASE WHEN m.opener IN (1, 2) THEN m.ts_ms END) OVER later, 9223372036854775807) AS pupil_ms,
    COALESCE(MIN(CASE WHEN m.opener IN (0, 2) THEN m.ts_ms END) OVER later, 9223372036854775807) AS guardian_high_ms,
    COALESCE(MIN(CASE WHEN m.opener IN (1) THEN m.ts_ms END) OVER later, 9223372036854775807) AS pupil_high_ms
  FROM (
    SELECT DISTINCT
      p.person_key AS child_key, b.school_key, b.class_key, b.ts_ms, b.assessed_day, b.returned_day, b.until_ms, -1 AS opener
    FROM person AS p
    JOIN memberships AS m ON m.person_key = p.person_key
    JOIN publication AS b
      ON b.school_key = m.school_key AND b.class_key = m.class_key
      AND b.local_date >= m.from_day AND (m.to_day < 0 OR b.local_date <= m.to_day)
    WHERE p.profile = :profile_pupil AND m.class_key <> 0 AND p.person_key >= :low AND p.person_key <= :high
    UNION ALL
    SELECT child_key, school_key, 0 AS class_key, ts_ms, -1 AS assessed_day, -1 AS returned_day, 0 AS until_ms, opener
    FROM grade_opening
    WHERE child_key >= :low AND child_key <= :high
  ) AS m
  WINDOW later AS (
    PARTITION BY m.child_key, m.school_key ORDER BY m.ts_ms DESC RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  )
) AS o
WHERE opener = -1
