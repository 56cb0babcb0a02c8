-- C8: how heavy are the files received, and are they attached?
SELECT
  grp, 0 AS period, school_key, family_key,
  'C8.kilobytes' AS measure, 'recipients' AS population,
  CAST((bytes - MOD(bytes, 1000)) / 1000 AS BIGINT) AS x, months AS y
FROM attributed_message
CROSS JOIN span
WHERE sized > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'C8.attached' AS measure, 'recipients' AS population,
  attachments AS x, files AS y
FROM attributed_message
WHERE files > 0
