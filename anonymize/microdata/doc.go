// Package microdata takes a table from a file to an anonymised folder: the work
// behind `entscope table` and the input of `entscope risk`.
//
//  1. Read takes a CSV or a Parquet file into a kanon.Table: only the columns
//     that are wanted, each coded by its values; the person and the other units
//     become numbers and their texts are forgotten.
//  2. Anonymize reads a policy, binds it, searches, and applies what was found.
//  3. The result is written as an edition: one Parquet file of text columns,
//     datapackage.json, and manifest.json last.
//
// A fault of the input is an ErrInput and names a line or a column; it never
// quotes what stands there.
package microdata
