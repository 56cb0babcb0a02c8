// Package national reads the open data of the ministry on the use of ENTs (DNMA, one
// row for each school and week since September 2019) and what stands beside it: the
// IPS of schools, the annuaire, the school calendar. It writes them as one edition of
// typed tables. All of it is public, and none of it is about a person.
//
//  1. Each file is recognised by its headings (kind.go, layout.go), in either of
//     their two spellings; every column is used, unknown or missing, and said so.
//  2. The rows of the four DNMA files are decoded on several cores (text.go,
//     parquetfile.go, decoder.go), each as exactly one of a row and a refusal, and
//     spilt to disk by département (spill.go): memory does not grow with the file.
//  3. Each département is sorted by school and week, a row told twice is kept once,
//     of two versions the newer (merge.go), and written as row groups (tables.go).
//  4. Registers are small and read whole (register.go, calendar.go). What the rows say
//     of a school is gathered on the way (school.go), what they are worth week by week
//     at the end (coverage.go).
//  5. Read puts it all in place at once, the manifest last (edition.go).
//
// A number that cannot be read is never guessed: a row of which a count cannot be
// read is refused, and a file that loses more than one row in a hundred is not used.
//
// Written against descriptions of the files, not against the files: see
// ingest/format/FORMATS.md.
package national
