-- answer: column_total
-- reads: columns
-- grain: one row per table of the DNMA and column
-- order: "table", "column"
-- columns: table, column, status, total
-- Which columns were read, and which are not known?
SELECT "table", "column", status, total
FROM columns
