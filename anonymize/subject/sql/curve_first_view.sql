-- view: unit, per grouping
-- reads: attributed_pair, reaction
-- grain: one row per pair, step and event
-- columns: grp, school_key, person_key, step, event, units
-- N4.first_view: hours from each publication to the first opening of the pair.
SELECT p.grp, p.attributed_key AS school_key, p.person_key, r.step, r.event, r.units
FROM attributed_pair AS p
JOIN reaction AS r ON r.person_key = p.person_key AND r.school_key = p.school_key
