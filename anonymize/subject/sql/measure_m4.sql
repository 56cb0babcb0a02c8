-- M4: how many tools does a purpose take?
SELECT
  grp, 0 AS period, school_key, family_key,
  'M4.tools.messages' AS measure, 'active_accounts' AS population,
  messages AS x, 1 AS y
FROM attributed_tool
WHERE messages > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'M4.tools.grades' AS measure, 'active_accounts' AS population,
  grades AS x, 1 AS y
FROM attributed_tool
WHERE grades > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'M4.tools.homework' AS measure, 'active_accounts' AS population,
  homework AS x, 1 AS y
FROM attributed_tool
WHERE homework > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'M4.tools.video' AS measure, 'active_accounts' AS population,
  video AS x, 1 AS y
FROM attributed_tool
WHERE video > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'M4.tools.any' AS measure, 'active_accounts' AS population,
  tools AS x, 1 AS y
FROM attributed_tool
WHERE tools > 0
UNION ALL
SELECT
  grp, 0 AS period, school_key, family_key,
  'M4.hhi' AS measure, 'active_accounts' AS population,
  share AS x, 100 AS y
FROM attributed_tool
