// Package downcode tries to undo a local recoding: an attacker who has the released table and the
// hierarchies says which of the values beneath a generalised cell are there (downcoding, A. Cohen,
// Attacks on Deidentification's Defenses, USENIX Security 2022; minimality attack, R. Wong, A. Fu,
// K. Wang, J. Pei, VLDB 2007). It is pure: tables in, claims out.
//
//  1. Rows with the same quasi-identifiers are a class. How many of its n rows are beneath each value
//     right below a generalised cell is what is sought: counts that add up to n.
//  2. A minimal recoding gives each cell the lowest value that holds its class, so that no value below
//     holds all n. Of two rows beneath two values one is beneath each.
//  3. Who holds a table of the persons among whom these are counts who fits the class beneath each value.
//  4. Marginals, a published frequency table of a column, tie the classes together. For each generalised value
//     and each value below it a linear programme gives the least and the most rows there
//     can be over all classes, and what other classes leave bounds each class. The bounds are rounded to whole
//     rows, and the programmes solved again while they narrow.
//
// Where no counts meet all of this the table is not minimal: the class, or the column, is then taken without 2.
//
// A claim is what the bounds say of one class and column: a cell is narrowed when a value beneath it is certain to
// be there or not to be, and known when the number of rows beneath each is certain. Counts are of
// the class: which of its rows is which, nothing says but other columns. With the true table each claim
// is right or wrong, as a whole. By chance as many would be right as if the rows beneath a value were drawn by
// the shares that the values below it have among all rows, which who has a frequency table knows.
package downcode
