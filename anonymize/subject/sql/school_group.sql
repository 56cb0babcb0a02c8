-- In which group of each grouping is a school?
SELECT school_key, 'all' AS grouping, '' AS grp FROM school
UNION ALL
SELECT school_key, 'level', level FROM school WHERE level <> ''
UNION ALL
SELECT school_key, 'ips_band', CAST(ips_band AS VARCHAR) FROM school WHERE ips_band > 0
UNION ALL
SELECT school_key, 'ep', ep FROM school WHERE ep <> ''
UNION ALL
SELECT school_key, 'school', CAST(school_key AS VARCHAR) FROM school
