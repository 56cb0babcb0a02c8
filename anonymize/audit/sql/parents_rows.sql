-- What does each row of the person table show?
SELECT
    level,
    grade_band,
    sector,
    ep,
    ips_band,
    cluster,
    children,
    devices,
    activation,
    visits,
    grade_visits,
    evening,
    accompanied
FROM parents
ORDER BY level, grade_band, sector, ep, ips_band, cluster, children, devices, activation, visits, grade_visits,
    evening, accompanied
