-- view: unit, per grouping
-- reads: account_member, staffed_school, thread
-- grain: one row per thread
-- columns: grp, school_key, person_key, step, event, units
-- M3.answer: working hours from the first message of a thread to the first answer of staff, or to the end of
-- the window.
SELECT
  a.grp, a.school_key, a.person_key,
  CAST((t.waited_ms - MOD(t.waited_ms, 3600000)) / 3600000 AS BIGINT) AS step,
  t.answered AS event, 1 AS units
FROM account_member AS a
JOIN thread AS t ON t.person_key = a.person_key AND t.school_key = a.member_key
JOIN staffed_school AS f ON f.school_key = t.school_key
