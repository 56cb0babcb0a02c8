-- table: pair
-- reads: steady
-- grain: one row per school and pair of adjacent school years in both of which it was measured throughout
-- order: uai, position
-- columns: uai, position (of the later year)
-- Which schools can be compared from one school year to the next?
SELECT b.uai, b.position
FROM steady AS a
JOIN steady AS b ON b.uai = a.uai AND b.position = a.position + 1
