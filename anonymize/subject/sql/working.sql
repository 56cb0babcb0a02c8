-- table: working
-- reads: day
-- grain: one row per zone and day
-- columns: zone, local_date, school_day, worked, worked_in_all
-- How many milliseconds of working time (8 h to 18 h of school days) lie between the start of the window and
-- the start of each day of each zone?
SELECT
  zone, local_date, school_day,
  CAST(36000000 * (SUM(school_day) OVER (PARTITION BY zone ORDER BY local_date) - school_day) AS BIGINT) AS worked,
  CAST(36000000 * SUM(school_day) OVER (PARTITION BY zone) AS BIGINT) AS worked_in_all
FROM day
