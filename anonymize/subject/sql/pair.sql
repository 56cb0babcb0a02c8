-- The pairs subject × school of one slice where the school has grade-covered
-- weeks; mask is the scope of that school alone. Parameters: the subject's
-- profile, first and last person key.
SELECT
  p.person_key,
  m.school_key,
  m.bit AS mask,
  s.zone,
  GREATEST(p.created_day, m.from_day) AS open_day
FROM member AS m
JOIN person AS p ON p.person_key = m.person_key
JOIN school AS s ON s.school_key = m.school_key
JOIN (SELECT school_key FROM covered WHERE grades = 1 GROUP BY school_key) AS c ON c.school_key = m.school_key
WHERE p.profile = ? AND p.person_key >= ? AND p.person_key <= ?
