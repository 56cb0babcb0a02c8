-- table: grouped, per grouping
-- reads: attribution, behaviour
-- grain: one row per person
-- columns: person_key, grp, school_key, mask, period
-- The grouping "device": the devices seen on the account of a subject in the window, as the person table has
-- them.
SELECT
  a.person_key, CASE
    WHEN b.visits = 0 THEN 'none'
    WHEN b.known = 0 THEN 'unknown'
    WHEN b.phone = b.known THEN 'phone'
    WHEN b.computer = b.known THEN 'computer'
    ELSE 'mixed'
  END AS grp,
  a.school_key, a.mask, b.period
FROM attribution AS a
JOIN behaviour AS b ON b.person_key = a.person_key AND b.mask = a.mask AND b.period = 0
WHERE a."grouping" = 'all'
