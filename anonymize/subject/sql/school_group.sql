-- table: school_group
-- reads: school, settings, study
-- args: two_years_before, five_years_before
-- grain: one row per school and grouping
-- columns: school_key, grouping, grp
-- In which group of each grouping is a school? A school whose setting for grades changed within the window is
-- in no group of publication.
SELECT school_key, 'all' AS "grouping", '' AS grp FROM school
UNION ALL
SELECT school_key, 'level', level FROM school WHERE level <> ''
UNION ALL
SELECT school_key, 'ips_band', CAST(ips_band AS VARCHAR(20)) FROM school WHERE ips_band > 0
UNION ALL
SELECT school_key, 'ep', ep FROM school WHERE ep <> ''
UNION ALL
SELECT school_key, 'school', CAST(school_key AS VARCHAR(20)) FROM school
UNION ALL
SELECT school_key, 'sector', sector FROM school WHERE sector <> ''
UNION ALL
SELECT school_key, 'territory', academie FROM school WHERE academie <> ''
UNION ALL
SELECT school_key, 'stratum', level || ' ' || CAST(ips_band AS VARCHAR(20)) FROM school WHERE level <> '' AND ips_band > 0
UNION ALL
SELECT school_key, 'seniority', CASE WHEN rollout_day > :two_years_before THEN '0-1' WHEN rollout_day > :five_years_before THEN '2-4' ELSE '5+' END
FROM school
CROSS JOIN study
WHERE rollout_day >= 0 AND rollout_day <= end_day
UNION ALL
SELECT p.school_key, 'publication', CASE WHEN p.first_value = :grades_at_once THEN 'at-once' ELSE 'deferred' END
FROM (
  SELECT e.school_key, MIN(e.value) AS first_value, MAX(e.value) AS last_value
  FROM settings AS e
  JOIN school AS s ON s.school_key = e.school_key
  CROSS JOIN study AS t
  WHERE e.setting = :setting_grades AND e.from_day <= t.end_day AND (e.to_day < 0 OR e.to_day >= t.start_day)
  GROUP BY e.school_key
) AS p
WHERE p.first_value = p.last_value
UNION ALL
SELECT n.school_key, 'products', CASE WHEN n.products >= 3 THEN '3+' ELSE CAST(n.products AS VARCHAR(20)) END
FROM (
  SELECT d.school_key, COUNT(*) AS products
  FROM (
    SELECT DISTINCT e.school_key, e.value
    FROM settings AS e
    JOIN school AS s ON s.school_key = e.school_key
    CROSS JOIN study AS t
    WHERE e.setting = :setting_product AND e.from_day <= t.end_day
  ) AS d
  GROUP BY d.school_key
) AS n
