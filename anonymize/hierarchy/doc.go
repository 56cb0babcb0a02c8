// Package hierarchy holds generalisation hierarchies: for every value of an
// attribute, what it becomes at each coarser level.
//
//	level 0   level 1   level 2   level 3
//	6e        6e-5e     college   *
//	4e        4e-3e     college   *
//
// A Hierarchy is built once, checked, and never changes. It comes from
//
//  1. a table of rows, one per value (New), as ARX writes them to a CSV (ReadCSV);
//  2. a Recipe, which builds one from the values it is given: intervals, dates,
//     truncation, ordered groups, one step to "*";
//  3. the ready-made ones of the French school portal (Domain).
//
// Checked means: every value stands once, every row has the same number of
// levels, levels are nested (two values equal at a level stay equal above it)
// and the last level that merges everything is a single value. Nothing here
// knows of persons or of privacy.
package hierarchy
