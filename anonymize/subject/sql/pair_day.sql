-- table: pair_day, per slice
-- reads: covered, day, pair
-- grain: one row per pair and covered school day
-- columns: person_key, school_key, week_day, local_date
-- The covered school days of each pair: school days of grade-covered weeks, after the pair opened.
SELECT p.person_key, p.school_key, c.week_day, d.local_date
FROM pair AS p
JOIN covered AS c ON c.school_key = p.school_key AND c.grades = 1
JOIN day AS d ON d.zone = p.zone AND d.week_day = c.week_day AND d.school_day = 1
WHERE d.local_date >= p.open_day
