-- answer:
-- reads: people, record
-- args: start, end
-- grain: one row per event of a person, and object that it acted upon
-- columns: release_key, ts_ms, place, kinds, weight, child, copies
-- What did each person do? Of what several deliveries hold, one counts; of records without an identifier that are
-- the same, as many as the delivery has that holds most (subject/sql/distinct_event.sql). place is the day and the
-- school, kinds the codes of the event: a number of each combination.
SELECT
  p.release_key,
  d.ts_ms, d.place, d.kinds, d.weight,
  COALESCE(c.release_key, CASE WHEN d.child_key = 0 THEN 0 ELSE -1 END) AS child,
  CAST(CASE WHEN d.event_key <> 0 THEN 1 ELSE MAX(d.copies) END AS BIGINT) AS copies
FROM (
  SELECT
    r.person_key, r.ts_ms, r.child_key, r.object_key, r.event_key, r.delivery,
    CAST(r.local_date AS BIGINT) * 4294967296 + r.school_key AS place,
    (((((CAST(r.local_hour AS BIGINT) * 256 + r.profile) * 256 + r.service) * 256 + r.action) * 256 + r.device) * 256
      + r.channel) * 256 + r.feed AS kinds,
    CAST(r.weight AS BIGINT) AS weight,
    COUNT(*) AS copies
  FROM record AS r
  WHERE r.local_date BETWEEN :start AND :end
  GROUP BY
    r.person_key, r.ts_ms, r.child_key, r.object_key, r.event_key, r.delivery, r.local_date, r.school_key,
    r.local_hour, r.profile, r.service, r.action, r.device, r.channel, r.feed, r.weight
) AS d
JOIN people AS p ON p.person_key = d.person_key
LEFT JOIN people AS c ON c.person_key = d.child_key
GROUP BY
  p.release_key, d.ts_ms, d.place, d.kinds, d.weight, d.child_key, c.release_key, d.object_key, d.event_key
