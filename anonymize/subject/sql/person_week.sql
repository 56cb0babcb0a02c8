-- table: person_week, adds slice
-- reads: dated_week, slice_all
-- grain: one row per subject and counted school week with a visit
-- columns: person_key, week_day, visits
-- Visits of each subject in each counted school week, over all their schools together (the scope of the
-- grouping "all").
SELECT d.person_key, d.week_day, d.visits
FROM dated_week AS d
JOIN slice_all AS a ON a.person_key = d.person_key AND a.mask = d.mask
