-- answer:
-- reads: memberships, people, schools
-- args: start, end
-- grain: one row per person and school of the perimeter
-- columns: release_key, school_key, days
-- Which persons belong to which school within the window, and how does the belonging read? A day of
-- -1 is an open end.
SELECT
  p.release_key,
  CAST(m.school_key AS BIGINT) AS school_key,
  CAST(SUM(
    CASE WHEN m.from_day > :start THEN m.from_day ELSE :start END * 7
    + CASE WHEN m.to_day >= 0 AND m.to_day < :end THEN m.to_day ELSE :end END
  ) AS BIGINT) AS days
FROM memberships AS m
JOIN people AS p ON p.person_key = m.person_key
JOIN schools AS s ON s.school_key = m.school_key
WHERE NOT (m.to_day >= 0 AND m.to_day < :start) AND NOT m.from_day > :end
GROUP BY p.release_key, m.school_key
ORDER BY p.release_key, m.school_key
