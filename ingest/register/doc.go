// Package register reads the registers: CSV files that schools, the académie or the products keep alongside the logs
// of the ENT. What was published, written, lent, trained, settled: times, sizes, counts and codes, no text, no
// subject, no grade, no name.
//
// A register is described once, in registers.toml: its fields, with the words they allow and their meaning in both
// languages, the columns they become in the restricted zone, what of them is pseudonymised, the order of the table
// and which of two rows is out of date. The file is data, not Go, because everything in it is: the reader, the keys of
// study.toml, the schema of the zone's table and the reference are derived from it, and it is reviewed by people who
// know registers rather than Go.
//
// The way of a row:
//
//  1. tabular cuts, decodes and maps it as the study says (Register.Fields);
//  2. Read turns fields into the values of Register.Columns: words into their numbers, dates into days and instants;
//     persons and schools are found in the directory. What names somebody nobody knows, or holds a word that is none,
//     is refused as ingest.ReasonUnknownValue, and times that contradict each other as ingest.ReasonTimeRange;
//  3. each Row is handed on as it is read, for a region has more messages than memory holds. Identifiers in it are
//     still raw: the zone hashes them before it keeps the row.
//
// A school is named as the sources name it: a UAI, an alias of the reference, a structure number. A person is named by
// an account of the table's namespace or, without one, by the directory's identifier. Words are compared as
// tabular.Fold has them; the number of a word is a word too.
package register
