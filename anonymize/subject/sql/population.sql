-- answer:
-- reads: in_scope, links
-- grain: one row for the study
-- columns: persons, person_keys, children, child_keys, families, family_keys, schools
-- How many persons, children, families and schools are in scope, and the sums of the record keys of each?
SELECT p.persons, p.person_keys, c.children, c.child_keys, f.families, f.family_keys, h.schools
FROM (
  SELECT
    COUNT(*) AS persons,
    CAST(COALESCE(SUM(MOD(person_key, 4294967296)), 0) AS BIGINT) AS person_keys
  FROM (SELECT DISTINCT person_key FROM in_scope) AS one_person
) AS p
CROSS JOIN (
  SELECT
    COUNT(*) AS children,
    CAST(COALESCE(SUM(MOD(child_key, 4294967296)), 0) AS BIGINT) AS child_keys
  FROM (SELECT DISTINCT l.child_key FROM links AS l JOIN in_scope AS s ON s.person_key = l.guardian_key) AS one_child
) AS c
CROSS JOIN (
  SELECT
    COUNT(*) AS families,
    CAST(COALESCE(SUM(MOD(family_key, 4294967296)), 0) AS BIGINT) AS family_keys
  FROM (SELECT DISTINCT family_key FROM in_scope) AS one_family
) AS f
CROSS JOIN (SELECT COUNT(*) AS schools FROM (SELECT DISTINCT school_key FROM in_scope) AS one_school) AS h
