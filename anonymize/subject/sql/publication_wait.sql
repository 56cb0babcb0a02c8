-- table: publication_wait, adds slice
-- reads: pair_publication
-- grain: one row per pair with a publication
-- columns: person_key, school_key, assessed, days, returned, after_return
-- N7: what each pair of one slice was published, and how long after: days from the assessment, and whether
-- the copies had been given back on a day before.
SELECT
  person_key, school_key,
  COUNT(CASE WHEN assessed_day >= 0 AND local_date >= assessed_day THEN 1 END) AS assessed,
  CAST(COALESCE(SUM(CASE WHEN assessed_day >= 0 AND local_date >= assessed_day THEN local_date - assessed_day END), 0) AS BIGINT) AS days,
  COUNT(CASE WHEN returned_day >= 0 THEN 1 END) AS returned,
  COUNT(CASE WHEN returned_day >= 0 AND local_date > returned_day THEN 1 END) AS after_return
FROM pair_publication
GROUP BY person_key, school_key
