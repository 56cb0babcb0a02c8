-- answer:
-- reads: record
-- args: start, end
-- grain: one row for the bucket
-- columns: events
-- How many events have none? Of like records as many count as the delivery that has most of them holds.
SELECT CAST(COALESCE(SUM(most), 0) AS BIGINT) AS events
FROM (
  SELECT MAX(times) AS most
  FROM (
    SELECT
      person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
      device, channel, child_key, object_key, feed, weight, delivery,
      COUNT(*) AS times
    FROM record
    WHERE event_key = 0 AND local_date BETWEEN :start AND :end
    GROUP BY
      person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
      device, channel, child_key, object_key, feed, weight, delivery
  ) AS r
  GROUP BY
    person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
    device, channel, child_key, object_key, feed, weight
) AS o
