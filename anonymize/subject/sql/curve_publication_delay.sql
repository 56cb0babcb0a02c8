-- view: unit, per grouping
-- reads: attributed_pair, publication_delay
-- grain: one row per pair and step
-- columns: grp, school_key, person_key, step, event, units
-- N7.delay: days from each assessment to its publication; every one is published.
SELECT p.grp, p.attributed_key AS school_key, p.person_key, d.step, 1 AS event, d.units
FROM attributed_pair AS p
JOIN publication_delay AS d ON d.person_key = p.person_key AND d.school_key = p.school_key
