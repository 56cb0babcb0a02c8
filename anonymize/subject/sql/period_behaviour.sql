-- view: period_behaviour, per grouping
-- reads: behaviour
-- grain: one row per scope
-- columns: person_key, mask, period, school_weeks, covered_weeks, weeks, week_visits, week_days, visit_weeks,
--   visits, weight, h07, h09, h12, h14, h17, h19, h21, h23, weekend, wednesday, holiday, known, phone,
--   computer, tablet, recent28, recent60, first_date, open_day
-- The behaviours of the window.
SELECT * FROM behaviour
