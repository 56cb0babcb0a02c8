-- view: unit, per grouping
-- reads: attributed_book, study
-- grain: one row per account and report book
-- columns: grp, school_key, person_key, step, event, units
-- C4.opening: days from the publication of a report book to its first opening, or to the end of the window.
SELECT
  b.grp, b.school_key, b.person_key,
  CASE WHEN b.opened_day >= 0 THEN b.opened_day - b.local_date ELSE t.end_day - b.local_date END AS step,
  CASE WHEN b.opened_day >= 0 THEN 1 ELSE 0 END AS event,
  1 AS units
FROM attributed_book AS b
CROSS JOIN study AS t
