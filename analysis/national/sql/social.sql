-- answer: social
-- reads: ips
-- grain: one row per school and school year of a file of IPS
-- order: uai, school_year
-- columns: uai, school_year, level, ips_tenths, pupils (null: not given)
-- What is the social position of each school, and how many pupils are enrolled?
SELECT uai, school_year, level, ips_tenths, pupils
FROM ips
