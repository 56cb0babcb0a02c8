// Package question holds the questions of the study as data: what is asked, how
// it is measured, and where the answers are shown. One question is told once, in
// a file of its theme under themes/, with French and English texts; the words for
// denominators and groups stand in vocabulary.toml, the pages of the report in
// pages.toml.
//
//  1. A question has texts (question, definition, method, caveat) and measures: the
//     numbers that answer it, each made of measures or curves of the edition's
//     approved lists. Package indicator computes them and writes the codebook.
//  2. Its figures say which measures the regional report draws, and how. Its school
//     rows and its card stand on a school page, its headlines in what the demo prints.
//     Package report and the commands take their lists from here: none is kept
//     elsewhere.
//  3. A page of the report is a theme of the mission: its questions, the few figures
//     that carry it, and the finding it has on the front page. Each question belongs to
//     one page, and has a need: what would make it measurable.
//  4. All is parsed strictly and checked as a whole, once: an unknown key, a name
//     that does not resolve or a missing text is a fault of the build, and panics.
//
// The order of the catalogue is that of the files and of the questions in them; the
// report reads them in the order of its pages. Nothing here comes from a study: no
// number, no person.
package question
