// Package pages writes what package national answers as pages people read: a front
// page of five findings, a page for each theme, and the schools by département.
//
// The data goes one way:
//
//  1. Write takes [national.Answers] and looks each number up by its indicator,
//     measure and group ([book]);
//  2. a theme lists its figures: sentences, a chart in two widths, a table, notes
//     and the results they rest on;
//  3. every figure leaves a CSV and a JSON file; results.json holds all results in
//     the schema of the other publications;
//  4. html/template writes pages without script or network, French unless told
//     otherwise. Names of schools come from files of others: they are text, never
//     markup, and no formula of a spreadsheet.
//
// A line that crosses a break of method shows it, holidays are shaded, and what is not
// measured is a gap and « non mesurable », never 0.
package pages
