-- table: f5, per grouping
-- reads: ranked
-- grain: one row per group and account
-- columns: grp, school_key, family_key, person_key, visits, twice_rank, above, top_tenth, next_tenth,
--   third_tenth, next_fifth, lower_half
-- The place of each account of a group by its visits: twice the mid-rank, the visits of those above, and its
-- visits if it is of the tenth with most visits, of the second or third tenth, of the fourth and fifth, or of
-- the half below. An account that these cut counts in each in proportion, to the nearest visit. Those with as
-- many visits stand in the order of their record keys, which every study of a master key shares.
SELECT
  t.grp, t.school_key, t.family_key, t.person_key, t.visits, t.twice_rank, t.above,
  t.top_tenth,
  t.top_two - t.top_tenth AS next_tenth,
  t.top_three - t.top_two AS third_tenth,
  t.top_five - t.top_three AS next_fifth,
  t.visits - t.top_five AS lower_half
FROM (
  SELECT
    r.grp, r.school_key, r.family_key, r.person_key, r.visits,
    2 * (r.place - 1) + r.ties + 1 AS twice_rank,
    CAST(r.total - r.up_to AS BIGINT) AS above,
    CASE
      WHEN 10 * r.from_top <= r.persons THEN r.visits
      WHEN 10 * (r.from_top - 1) < r.persons THEN CAST((
        2 * r.visits * (r.persons - 10 * (r.from_top - 1)) + 10
        - MOD(2 * r.visits * (r.persons - 10 * (r.from_top - 1)) + 10, 20)
      ) / 20 AS BIGINT)
      ELSE 0
    END AS top_tenth,
    CASE
      WHEN 10 * r.from_top <= 2 * r.persons THEN r.visits
      WHEN 10 * (r.from_top - 1) < 2 * r.persons THEN CAST((
        2 * r.visits * (2 * r.persons - 10 * (r.from_top - 1)) + 10
        - MOD(2 * r.visits * (2 * r.persons - 10 * (r.from_top - 1)) + 10, 20)
      ) / 20 AS BIGINT)
      ELSE 0
    END AS top_two,
    CASE
      WHEN 10 * r.from_top <= 3 * r.persons THEN r.visits
      WHEN 10 * (r.from_top - 1) < 3 * r.persons THEN CAST((
        2 * r.visits * (3 * r.persons - 10 * (r.from_top - 1)) + 10
        - MOD(2 * r.visits * (3 * r.persons - 10 * (r.from_top - 1)) + 10, 20)
      ) / 20 AS BIGINT)
      ELSE 0
    END AS top_three,
    CASE
      WHEN 10 * r.from_top <= 5 * r.persons THEN r.visits
      WHEN 10 * (r.from_top - 1) < 5 * r.persons THEN CAST((
        2 * r.visits * (5 * r.persons - 10 * (r.from_top - 1)) + 10
        - MOD(2 * r.visits * (5 * r.persons - 10 * (r.from_top - 1)) + 10, 20)
      ) / 20 AS BIGINT)
      ELSE 0
    END AS top_five
  FROM (
    SELECT
      grp, school_key, family_key, person_key, visits,
      RANK() OVER (PARTITION BY grp ORDER BY visits) AS place,
      COUNT(*) OVER (PARTITION BY grp, visits) AS ties,
      COUNT(*) OVER (PARTITION BY grp) AS persons,
      SUM(visits) OVER (PARTITION BY grp) AS total,
      SUM(visits) OVER (PARTITION BY grp ORDER BY visits RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS up_to,
      ROW_NUMBER() OVER (
        PARTITION BY grp ORDER BY visits DESC, MOD(MOD(person_key, 4294967296) + 4294967296, 4294967296), person_key
      ) AS from_top
    FROM ranked
  ) AS r
) AS t
