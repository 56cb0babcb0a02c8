-- table: attributed_readiness, per grouping
-- reads: readiness
-- grain: one row per group and account that a deadline concerns
-- columns: grp, school_key, family_key, person_key, ready30, seen30, ready7, seen7, ready0, seen0
-- R1: who is ready 30 days before the declared deadlines, 7 days before, and on the day? Of the deadlines
-- whose 60 days before lie in the window (seen).
SELECT
  grp, school_key, family_key, person_key,
  CAST(SUM(seen30 * ready30) AS BIGINT) AS ready30,
  CAST(SUM(seen30) AS BIGINT) AS seen30,
  CAST(SUM(seen7 * ready7) AS BIGINT) AS ready7,
  CAST(SUM(seen7) AS BIGINT) AS seen7,
  CAST(SUM(seen0 * ready0) AS BIGINT) AS ready0,
  CAST(SUM(seen0) AS BIGINT) AS seen0
FROM readiness
GROUP BY grp, school_key, family_key, person_key
