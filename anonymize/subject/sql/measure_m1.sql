-- M1: are messages to one family read more than messages to many?
SELECT
  grp, 0 AS period, school_key, family_key,
  'M1.individual' AS measure, 'recipients' AS population,
  single_read AS x, single AS y
FROM attributed_message
WHERE single > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'M1.collective' AS measure, 'recipients' AS population,
  common_read AS x, common AS y
FROM attributed_message
WHERE common > 0
