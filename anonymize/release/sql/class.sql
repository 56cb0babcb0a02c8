-- answer:
-- reads: memberships, people
-- args: end
-- grain: one row per pupil of a class
-- columns: class_key, release_key
-- Who is in each class? A class is told by its pupils, whatever the salt of its key.
SELECT DISTINCT m.class_key, p.release_key
FROM memberships AS m
JOIN people AS p ON p.person_key = m.person_key
WHERE m.class_key <> 0 AND m.from_day <= :end
