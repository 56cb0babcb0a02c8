-- table: coverage_part, adds pass
-- reads: member, person, raw_event, school
-- args: start, end, low, high
-- grain: one row per school, feed, service, week and known of each slice
-- columns: school_key, feed, service, week_day, known
-- In which weeks did a feed report for the schools its records name, known: of somebody whom the directory knows?
-- And one whose records name no known school, for the schools of the persons it names? A person of several schools
-- does not tell which of them the record comes from.
SELECT DISTINCT
  e.school_key, e.feed, e.service,
  CAST(e.local_date - MOD(e.local_date + 3, 7) AS INTEGER) AS week_day,
  CASE WHEN p.person_key IS NOT NULL THEN 1 ELSE 0 END AS known
FROM raw_event AS e
JOIN school AS s ON s.school_key = e.school_key
LEFT JOIN person AS p ON p.person_key = e.person_key
WHERE e.local_date >= :start AND e.local_date <= :end AND e.person_key >= :low AND e.person_key <= :high
UNION ALL
SELECT DISTINCT m.school_key, e.feed, e.service, e.week_day, 1 AS known
FROM (
  SELECT DISTINCT
    r.person_key, r.feed, r.service,
    CAST(r.local_date - MOD(r.local_date + 3, 7) AS INTEGER) AS week_day
  FROM raw_event AS r
  LEFT JOIN school AS s ON s.school_key = r.school_key
  WHERE s.school_key IS NULL AND r.local_date >= :start AND r.local_date <= :end AND r.person_key >= :low AND r.person_key <= :high
) AS e
JOIN person AS p ON p.person_key = e.person_key AND p.schools = 1
JOIN member AS m ON m.person_key = e.person_key
