-- answer:
-- reads: memberships, people, schools
-- args: start, end
-- grain: one row per person, school of the perimeter and grade level there
-- columns: release_key, school_key, grade_level, days
-- Which persons belong to which school within the window, in which grade level, and how does the belonging read? A
-- guardian is of those of the children. A day of -1 is an open end, as one after the window is: a window of a day more
-- changes nobody.
SELECT
  p.release_key,
  CAST(m.school_key AS BIGINT) AS school_key,
  m.grade_level,
  CAST(SUM(
    m.from_day * 7 + CASE WHEN m.to_day > :end THEN -1 ELSE m.to_day END
  ) AS BIGINT) AS days
FROM memberships AS m
JOIN people AS p ON p.person_key = m.person_key
JOIN schools AS s ON s.school_key = m.school_key
WHERE NOT (m.to_day >= 0 AND m.to_day < :start) AND NOT m.from_day > :end
GROUP BY p.release_key, m.school_key, m.grade_level
ORDER BY p.release_key, m.school_key, m.grade_level
