-- answer:
-- reads: distinct_event, member, person
-- grain: one row for the slice
-- columns: events, elsewhere
-- Events left after deduplication, and those of a school their person is not of.
SELECT
  CAST(COALESCE(SUM(e.copies), 0) AS BIGINT) AS events,
  CAST(COALESCE(SUM(CASE WHEN e.school_key <> 0 AND p.person_key IS NOT NULL AND m.person_key IS NULL THEN e.copies ELSE 0 END), 0) AS BIGINT) AS elsewhere
FROM (
  SELECT person_key, school_key, SUM(copies) AS copies
  FROM distinct_event
  GROUP BY person_key, school_key
) AS e
LEFT JOIN person AS p ON p.person_key = e.person_key
LEFT JOIN member AS m ON m.person_key = e.person_key AND m.school_key = e.school_key
