-- table: visit, per slice
-- reads: session, slice_scope
-- grain: one row per scope and visit
-- columns: person_key, mask, visit, parts, profile, school_key, zone, open_day, start_ms, end_ms, local_date,
--   local_hour, device, weight, grades, grade_ms, homework, messages, parent_only, told
-- The visits of one slice: parts, start, end, first grade event (-1 none), device of the first event whose
-- device is known (0 none), the services that behaviours speak of, and whether any event tells what the visit
-- was for (told: not only the portal, the log in, or a school-life front that hides its pages).
SELECT
  v.person_key, v.mask, v.visit, v.parts, s.profile, s.school_key, s.zone, s.open_day, v.start_ms, v.end_ms,
  CAST((v.stamp - MOD(v.stamp, 24)) / 24 AS INTEGER) AS local_date,
  MOD(v.stamp, 24) AS local_hour,
  v.device, v.weight, v.grades, v.grade_ms, v.homework, v.messages, v.parent_only, v.told
FROM (
  SELECT
    person_key, mask, visit,
    MAX(part) - MIN(part) + 1 AS parts,
    MIN(start_ms) AS start_ms,
    MAX(end_ms) AS end_ms,
    MIN(stamp) AS stamp,
    COALESCE(MOD(MIN(first_device), 8), 0) AS device,
    CAST(SUM(weight) AS BIGINT) AS weight,
    MAX(CASE WHEN service = :service_grades THEN 1 ELSE 0 END) AS grades,
    COALESCE(MIN(CASE WHEN service = :service_grades THEN start_ms END), -1) AS grade_ms,
    MAX(CASE WHEN service = :service_homework THEN 1 ELSE 0 END) AS homework,
    MAX(CASE WHEN service = :service_messages THEN 1 ELSE 0 END) AS messages,
    MAX(CASE WHEN service = :service_parent_only THEN 1 ELSE 0 END) AS parent_only,
    MAX(CASE WHEN service NOT IN (:service_unknown, :service_school_life, :service_portal, :service_sign_in) THEN 1 ELSE 0 END) AS told
  FROM session
  GROUP BY person_key, mask, visit
) AS v
JOIN slice_scope AS s ON s.person_key = v.person_key AND s.mask = v.mask
