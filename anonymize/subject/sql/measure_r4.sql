-- R4: is the time given to answer a request enough?
SELECT
  grp, 0 AS period, school_key, family_key,
  'R4.hours_allowed' AS measure, 'recipients' AS population,
  CAST((allowed_ms - MOD(allowed_ms, 3600000)) / 3600000 AS BIGINT) AS x, requests AS y
FROM attributed_message
WHERE requests > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'R4.no_visit' AS measure, 'recipients' AS population,
  unvisited AS x, requests AS y
FROM attributed_message
WHERE requests > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'R4.opened_in_time' AS measure, 'recipients' AS population,
  in_time AS x, followed AS y
FROM attributed_message
WHERE followed > 0
