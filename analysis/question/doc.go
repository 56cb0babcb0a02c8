// Package question holds the questions of the study as data: what is asked, how
// it is measured, and where the answers are shown. One question is told once, in
// a file of its theme under themes/, with French and English texts; the words for
// denominators and groups stand in vocabulary.toml.
//
//  1. A question has texts (question, definition, method, caveat) and measures: the
//     numbers that answer it, each made of measures or curves of the edition's
//     approved lists. Package indicator computes them and writes the codebook.
//  2. Its figures say which measures the regional report draws, and how. Its keys
//     stand on the report's first screen, its school rows and its card on a school
//     page, its headlines in what the demo prints. Package report and the commands
//     take their lists from here: none is kept elsewhere.
//  3. All is parsed strictly and checked as a whole, once: an unknown key, a name
//     that does not resolve or a missing text is a fault of the build, and panics.
//
// The order of the catalogue is that of the files and of the questions in them; the
// report reads the themes in another order (see Reading). Nothing here comes from
// a study: no number, no person.
package question
