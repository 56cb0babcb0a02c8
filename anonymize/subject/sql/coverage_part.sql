-- table: coverage_part, adds pass
-- reads: member, person, raw_event, school
-- args: start, end, low, high
-- grain: one row per school, feed, service and week of each slice
-- columns: school_key, feed, service, week_day, known, persons, any_service
-- In which weeks did a feed report for the schools its records name, of how many persons, and of how many whom the
-- directory knows? And one whose records name no known school, for the schools of the persons it names? A person of
-- several schools does not tell which of them the record comes from. any_service counts each person at one service.
SELECT
  school_key, feed, service, week_day,
  CAST(SUM(known) AS BIGINT) AS known,
  COUNT(*) AS persons,
  COUNT(CASE WHEN place = 1 THEN 1 END) AS any_service
FROM (
  SELECT
    c.school_key, c.feed, c.service, c.week_day, c.known,
    ROW_NUMBER() OVER (PARTITION BY c.person_key, c.school_key, c.feed, c.week_day ORDER BY c.service) AS place
  FROM (
    SELECT
      e.person_key, e.school_key, e.feed, e.service,
      CAST(e.local_date - MOD(e.local_date + 3, 7) AS INTEGER) AS week_day,
      CASE WHEN p.person_key IS NOT NULL THEN 1 ELSE 0 END AS known
    FROM raw_event AS e
    JOIN school AS s ON s.school_key = e.school_key
    LEFT JOIN person AS p ON p.person_key = e.person_key
    WHERE e.local_date >= :start AND e.local_date <= :end AND e.person_key >= :low AND e.person_key <= :high
    UNION
    SELECT
      e.person_key, m.school_key, e.feed, e.service,
      CAST(e.local_date - MOD(e.local_date + 3, 7) AS INTEGER) AS week_day,
      1 AS known
    FROM raw_event AS e
    JOIN person AS p ON p.person_key = e.person_key AND p.schools = 1
    JOIN member AS m ON m.person_key = e.person_key
    LEFT JOIN school AS s ON s.school_key = e.school_key
    WHERE s.school_key IS NULL
      AND e.local_date >= :start AND e.local_date <= :end AND e.person_key >= :low AND e.person_key <= :high
  ) AS c
) AS d
GROUP BY school_key, feed, service, week_day
