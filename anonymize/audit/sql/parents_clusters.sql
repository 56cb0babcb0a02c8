-- How many levels, sectors and kinds of priority education do the rows of each cluster of schools say? What is not of
-- one school ('*', 'second-degre', 'EP') says less.
SELECT
    cluster,
    CAST(COUNT(DISTINCT CASE WHEN level IN ('ecole', 'college', 'lycee', 'unknown') THEN level END) AS BIGINT) AS levels,
    CAST(COUNT(DISTINCT CASE WHEN sector IN ('public', 'prive', 'unknown') THEN sector END) AS BIGINT) AS sectors,
    CAST(COUNT(DISTINCT CASE WHEN ep IN ('HEP', 'REP', 'REP+', 'unknown') THEN ep END) AS BIGINT) AS eps
FROM parents
WHERE cluster <> '*'
GROUP BY cluster
ORDER BY cluster
