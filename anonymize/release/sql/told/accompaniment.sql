-- answer:
-- reads: accompaniment, people
-- args: end
-- grain: one row per person and row of the register
-- columns: release_key, local_date, form, collective
-- Who was accompanied, when and in which form?
SELECT
  p.release_key,
  CAST(r.local_date AS BIGINT) AS local_date,
  CAST(r.form AS BIGINT) AS form,
  CAST(r.collective AS BIGINT) AS collective
FROM accompaniment AS r
JOIN people AS p ON p.person_key = r.person_key
WHERE r.local_date <= :end
ORDER BY p.release_key
