-- table: attributed_sequence, per grouping
-- reads: accompanied_day, account
-- grain: one row per group and family with a collective accompaniment
-- columns: grp, school_key, family_key, collective_day, first_day, last_day
-- The first collective and the individual accompaniments of the families that had a collective one, each
-- family at the smallest of the schools its persons are attributed to.
SELECT f.grp, f.school_key, f.family_key, f.collective_day, f.first_day, f.last_day
FROM (
  SELECT
    a.grp, MIN(a.school_key) AS school_key, a.family_key,
    MIN(CASE WHEN r.collective = 1 THEN r.local_date END) AS collective_day,
    MIN(r.local_date) AS first_day,
    COALESCE(MAX(CASE WHEN r.collective = 0 THEN r.local_date END), -1) AS last_day
  FROM account AS a
  JOIN accompanied_day AS r ON r.person_key = a.person_key
  WHERE a.population = 'all_accounts' AND a.period = 0
  GROUP BY a.grp, a.family_key
) AS f
WHERE f.collective_day IS NOT NULL
