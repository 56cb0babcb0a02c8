// Package indicator answers the questions of the study from an edition.
//
//  1. Package question declares them: texts, denominators, what is read, measures
//     and how each is computed. Explain and Codebook write that out.
//  2. Compute, for the report's groupings, and Analyze, for any the edition
//     carries, ask package query for counts by cluster, have package stats turn
//     them into estimates with cluster-robust intervals (estimators name how), and
//     give exact Results. They live in memory only and must not be shown.
//  3. Release maps the Results of the report and of the school pages to the
//     cells of package disclosure and back: suppressed, bounded, rounded. Only what
//     comes out may be written. Words of comparison come with it: Compute tests every
//     two groups of a figure on their clusters, and Release says what the tests of
//     what is shown found, corrected within the figure.
//
// What cannot be measured says why (« non mesurable ») and is never 0. A figure
// comes with both denominators, its number of persons and French warnings, each
// with a stable code.
//
// The package stands downstream of the wall: it never sees a pseudonym, an
// event or a restricted file.
package indicator
