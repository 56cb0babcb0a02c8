-- table: class_delay
-- reads: publications, trained
-- args: start, end
-- grain: one row per class with a publication
-- columns: school_key, class_key, trained, days_early, early, days_before, before, days_after, after
-- How long after the assessment were grades published to each class, before and after its school's day of
-- training? trained is 0 for the schools that had none: their day is the median one. early is the first half of the time before.
SELECT
  b.school_key, b.class_key, t.trained,
  CAST(SUM(CASE WHEN 2 * b.local_date < :start + t.day THEN b.local_date - b.assessed_day ELSE 0 END) AS BIGINT) AS days_early,
  COUNT(CASE WHEN 2 * b.local_date < :start + t.day THEN 1 END) AS early,
  CAST(SUM(CASE WHEN b.local_date < t.day THEN b.local_date - b.assessed_day ELSE 0 END) AS BIGINT) AS days_before,
  COUNT(CASE WHEN b.local_date < t.day THEN 1 END) AS before,
  CAST(SUM(CASE WHEN b.local_date >= t.day THEN b.local_date - b.assessed_day ELSE 0 END) AS BIGINT) AS days_after,
  COUNT(CASE WHEN b.local_date >= t.day THEN 1 END) AS after
FROM publications AS b
JOIN trained AS t ON t.school_key = b.school_key
WHERE b.local_date >= :start AND b.local_date <= :end AND b.assessed_day >= 0 AND b.local_date >= b.assessed_day
GROUP BY b.school_key, b.class_key, t.trained
