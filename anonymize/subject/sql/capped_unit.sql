-- view: capped_unit, per grouping
-- reads: unit, unit_cap
-- grain: one row per person, school, step and event
-- columns: grp, school_key, person_key, step, event, units, last_unit
-- The units of one curve, of a person in a school as many as the curve takes of one, and whether the last of them is
-- among those of the row. Of one who has more they are spread evenly over those in the order of their steps: of n
-- units x come first, of c of them the next whole number of x·c/n.
SELECT
  k.grp, k.school_key, k.person_key, k.step, k.event,
  k.taken_up_to - k.taken_before AS units,
  CASE WHEN k.taken_up_to = k.taken THEN 1 ELSE 0 END AS last_unit
FROM (
  SELECT
    r.grp, r.school_key, r.person_key, r.step, r.event, r.taken,
    CAST((r.last_half - MOD(r.last_half, r.halves)) / r.halves AS BIGINT) AS taken_up_to,
    CAST((r.first_half - MOD(r.first_half, r.halves)) / r.halves AS BIGINT) AS taken_before
  FROM (
    SELECT
      u.grp, u.school_key, u.person_key, u.step, u.event,
      LEAST(u.in_all, c.most) AS taken,
      CAST(2 * u.up_to * LEAST(u.in_all, c.most) + u.in_all AS BIGINT) AS last_half,
      CAST(2 * (u.up_to - u.units) * LEAST(u.in_all, c.most) + u.in_all AS BIGINT) AS first_half,
      CAST(2 * u.in_all AS BIGINT) AS halves
    FROM (
      SELECT
        s.grp, s.school_key, s.person_key, s.step, s.event, s.units,
        SUM(s.units) OVER (
          PARTITION BY s.grp, s.school_key, s.person_key
          ORDER BY s.step, s.event
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS up_to,
        SUM(s.units) OVER (PARTITION BY s.grp, s.school_key, s.person_key) AS in_all
      FROM (
        SELECT grp, school_key, person_key, step, event, SUM(units) AS units
        FROM unit
        GROUP BY grp, school_key, person_key, step, event
      ) AS s
    ) AS u
    CROSS JOIN unit_cap AS c
  ) AS r
) AS k
WHERE k.taken_up_to > k.taken_before
