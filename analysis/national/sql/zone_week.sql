-- answer: zone_week
-- reads: calendar
-- grain: one row per zone and week
-- order: zone, week_day
-- columns: zone, week_day, term_days
-- How many days of class has each week in each zone?
SELECT zone, week_day, term_days
FROM calendar
