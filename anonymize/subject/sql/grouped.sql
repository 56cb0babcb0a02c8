-- In which groups of one grouping is each person, with which school and scope?
-- Parameters: the grouping; whether every period is wanted, or the window alone.
SELECT a.person_key, a.grp, a.school_key, a.mask, p.period
FROM attribution AS a
CROSS JOIN period AS p
WHERE a.grouping = ? AND (p.period = 0 OR ? = 1)
