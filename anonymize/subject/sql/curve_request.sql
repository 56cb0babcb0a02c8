-- view: unit, per grouping
-- reads: account_member, request
-- grain: one row per request received
-- columns: grp, school_key, person_key, step, event, units
-- R4.opening: hours from a request to its opening, or to the end of the window.
SELECT
  a.grp, a.school_key, a.person_key,
  CAST((r.waited_ms - MOD(r.waited_ms, 3600000)) / 3600000 AS BIGINT) AS step,
  r.opened AS event, 1 AS units
FROM account_member AS a
JOIN request AS r ON r.person_key = a.person_key AND r.school_key = a.member_key
