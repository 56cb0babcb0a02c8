-- In which weeks did a feed whose records name no known school report for the
-- schools of the persons it names? A person of several schools does not tell which
-- of them the record comes from. Parameters: first and last day of the window,
-- first and last person key.
SELECT DISTINCT m.school_key, e.feed, e.service, e.week_day
FROM (
  SELECT DISTINCT
    r.person_key,
    r.feed,
    r.service,
    CAST(r.local_date - MOD(r.local_date + 3, 7) AS INTEGER) AS week_day
  FROM raw_event AS r
  LEFT JOIN school AS s ON s.school_key = r.school_key
  WHERE s.school_key IS NULL AND r.local_date >= ? AND r.local_date <= ? AND r.person_key >= ? AND r.person_key <= ?
) AS e
JOIN person AS p ON p.person_key = e.person_key AND p.schools = 1
JOIN member AS m ON m.person_key = e.person_key
