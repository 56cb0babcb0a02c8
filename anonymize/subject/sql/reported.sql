-- table: reported
-- reads: coverage
-- args: least_reported
-- grain: one row per feed, school, service and week
-- columns: feed, school_key, service, week_day, persons
-- Which feed reported what of enough persons for which school in which week; service 0 is any. Whom one person alone
-- speaks for, nobody speaks for. A feed that names nobody whom the directory knows measures nobody: it reports
-- nothing, so that its questions are not measurable, and not 0.
SELECT r.feed, r.school_key, r.service, r.week_day, r.persons
FROM (
  SELECT feed, school_key, service, week_day, persons
  FROM coverage
  WHERE service > 0
  UNION ALL
  SELECT feed, school_key, 0 AS service, week_day, CAST(SUM(any_service) AS BIGINT) AS persons
  FROM coverage
  GROUP BY feed, school_key, week_day
) AS r
WHERE r.persons >= :least_reported AND r.feed IN (SELECT feed FROM coverage WHERE known > 0)
