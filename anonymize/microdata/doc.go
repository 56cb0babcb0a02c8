// Package microdata takes a table from a file to an anonymised folder: the work
// behind `entscope table` and the input of `entscope risk`.
//
//  1. Read takes a CSV or a Parquet file into a kanon.Table as it goes by, record
//     by record or page by page: only the columns that are wanted, each text once
//     and four bytes for each cell; the person and the other units become numbers
//     and their texts are forgotten.
//  2. Anonymize reads a policy, binds it, searches, and applies what was found.
//  3. The result is written as an edition: one Parquet file of text columns, a row
//     group at a time, datapackage.json, and manifest.json last.
//
// A fault of the input is an ErrInput and names a line or a column; it never
// quotes what stands there.
package microdata
