-- table: pair_class, per slice
-- reads: links, memberships, pair
-- grain: one row per pair and class of a child
-- columns: person_key, school_key, mask, class_key
-- The classes of the children of each pair in its school. A pupil who is the subject is their own child.
SELECT p.person_key, p.school_key, p.mask, m.class_key
FROM pair AS p
JOIN links AS l ON l.guardian_key = p.person_key
JOIN memberships AS m ON m.person_key = l.child_key AND m.school_key = p.school_key
WHERE m.class_key <> 0
UNION
SELECT p.person_key, p.school_key, p.mask, m.class_key
FROM pair AS p
JOIN memberships AS m ON m.person_key = p.person_key AND m.school_key = p.school_key
WHERE m.class_key <> 0
