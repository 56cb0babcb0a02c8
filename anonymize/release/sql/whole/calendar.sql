-- answer:
-- reads: calendar
-- args: start, end
-- grain: one row per zone and day of the window
-- columns: zone, local_date, week_day, month, weekday, holiday, school_day, school_week
-- Which days are school days?
SELECT
  zone, CAST(local_date AS BIGINT) AS local_date, CAST(week_day AS BIGINT) AS week_day, CAST(month AS BIGINT) AS month,
  CAST(weekday AS BIGINT) AS weekday, CAST(holiday AS BIGINT) AS holiday, CAST(school_day AS BIGINT) AS school_day,
  CAST(school_week AS BIGINT) AS school_week
FROM calendar
WHERE local_date BETWEEN :start AND :end
