-- answer:
-- reads: training
-- args:
-- grain: one row per school and day of training, also after the window: a school that is trained later is compared
-- columns: school_key, local_date, sessions
-- When was the staff of each school trained?
SELECT
  CAST(school_key AS BIGINT) AS school_key, CAST(local_date AS BIGINT) AS local_date, CAST(sessions AS BIGINT) AS sessions
FROM training
