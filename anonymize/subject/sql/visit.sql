-- The visits of one bucket: start, device of the first event whose device is
-- known (0 none), the events of the services that behaviours speak of, and
-- whether any event tells what the visit was for (told: not only the portal,
-- the log in, or a school-life front that hides its pages).
SELECT
  v.person_key,
  v.mask,
  v.visit,
  s.profile,
  s.school_key,
  s.zone,
  s.open_day,
  MIN(v.start_ms) AS start_ms,
  MAX(v.local_date) AS local_date,
  MAX(v.local_hour) AS local_hour,
  COALESCE(MOD(MIN(v.first_device), 8), 0) AS device,
  CAST(SUM(v.weight) AS BIGINT) AS weight,
  MAX(CASE WHEN v.service = 3 THEN 1 ELSE 0 END) AS grades,
  MAX(CASE WHEN v.service = 9 THEN 1 ELSE 0 END) AS homework,
  MAX(CASE WHEN v.service = 10 THEN 1 ELSE 0 END) AS messages,
  MAX(CASE WHEN v.service = 106 THEN 1 ELSE 0 END) AS parent_only,
  MAX(CASE WHEN v.service NOT IN (0, 5, 100, 101) THEN 1 ELSE 0 END) AS told
FROM session AS v
JOIN bucket_scope AS s ON s.person_key = v.person_key AND s.mask = v.mask
GROUP BY v.person_key, v.mask, v.visit, s.profile, s.school_key, s.zone, s.open_day
