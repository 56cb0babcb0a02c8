-- answer:
-- reads: memberships, people, schools
-- args: start, end
-- grain: one row per person, school of the perimeter and grade level there
-- columns: release_key, school_key, grade_level
-- Which persons belong to which school within the window, in which grade level? A guardian is of those of the children.
SELECT DISTINCT
  p.release_key,
  CAST(m.school_key AS BIGINT) AS school_key,
  m.grade_level
FROM memberships AS m
JOIN people AS p ON p.person_key = m.person_key
JOIN schools AS s ON s.school_key = m.school_key
WHERE NOT (m.to_day >= 0 AND m.to_day < :start) AND NOT m.from_day > :end
ORDER BY p.release_key, school_key, m.grade_level
