-- The place of each account of a group by its visits: twice the mid-rank, the
-- visits of those above, and whether it is of the tenth with most visits.
SELECT
  r.grp, r.school_key, r.family_key, r.visits,
  2 * (r.place - 1) + r.ties + 1 AS twice_rank,
  CAST(r.total - r.up_to AS BIGINT) AS above,
  CASE WHEN 10 * r.from_top <= r.persons THEN r.visits ELSE 0 END AS top_tenth
FROM (
  SELECT
    grp, school_key, family_key, visits,
    RANK() OVER (PARTITION BY grp ORDER BY visits) AS place,
    COUNT(*) OVER (PARTITION BY grp, visits) AS ties,
    COUNT(*) OVER (PARTITION BY grp) AS persons,
    SUM(visits) OVER (PARTITION BY grp) AS total,
    SUM(visits) OVER (PARTITION BY grp ORDER BY visits RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS up_to,
    ROW_NUMBER() OVER (PARTITION BY grp ORDER BY visits DESC, person_key) AS from_top
  FROM account
  WHERE period = 0 AND population = 'all_accounts'
) AS r
