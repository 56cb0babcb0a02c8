-- answer:
-- reads: in_scope, links
-- grain: one row for the study
-- columns: persons, children, families, schools
-- How many persons, children, families and schools are in scope?
SELECT
  (SELECT COUNT(*) FROM (SELECT DISTINCT person_key FROM in_scope) AS p) AS persons,
  (
    SELECT COUNT(*)
    FROM (SELECT DISTINCT l.child_key FROM links AS l JOIN in_scope AS s ON s.person_key = l.guardian_key) AS c
  ) AS children,
  (SELECT COUNT(*) FROM (SELECT DISTINCT family_key FROM in_scope) AS f) AS families,
  (SELECT COUNT(*) FROM (SELECT DISTINCT school_key FROM in_scope) AS h) AS schools
