-- How many events have none? Of like records as many count as the delivery that
-- has most of them holds: a record is left out when another delivery, or the same
-- place in an earlier one, has it already. Parameters: first and last day of the
-- window.
SELECT COUNT(*) AS events
FROM (
  SELECT
    ROW_NUMBER() OVER (
      PARTITION BY
        person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
        device, channel, child_key, object_key, feed, weight, place
      ORDER BY delivery
    ) AS occurrence
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (
        PARTITION BY
          person_key, ts_ms, local_date, local_hour, school_key, profile, service, action,
          device, channel, child_key, object_key, feed, weight, delivery
        ORDER BY delivery
      ) AS place
    FROM record
    WHERE event_key = 0 AND local_date BETWEEN $1 AND $2
  ) AS r
) AS o
WHERE occurrence = 1
