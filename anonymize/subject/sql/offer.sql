-- table: offer
-- reads: coverage
-- grain: one row per school and service
-- columns: school_key, service
-- For which schools does a feed report that carries a service anywhere? Nothing of the service there is then
-- a zero; elsewhere it is not known.
SELECT DISTINCT c.school_key, f.service
FROM coverage AS c
JOIN (SELECT DISTINCT feed, service FROM coverage) AS f ON f.feed = c.feed
