-- table: offer
-- reads: coverage, reported
-- args: least_persons
-- grain: one row per school and service
-- columns: school_key, service
-- For which schools does a feed report that carries a service for enough persons anywhere, counting those of one week
-- in each school? Nothing of the service there is then a zero; elsewhere it is not known.
SELECT DISTINCT c.school_key, f.service
FROM (SELECT DISTINCT feed, school_key FROM reported) AS c
JOIN (
  SELECT m.feed, m.service
  FROM (SELECT feed, service, school_key, MAX(persons) AS persons FROM coverage GROUP BY feed, service, school_key) AS m
  GROUP BY m.feed, m.service
  HAVING SUM(m.persons) >= :least_persons
) AS f ON f.feed = c.feed
