// Package report turns protected results into pages people read: the regional
// report, and one dashboard per school.
//
// The data goes one way:
//
//  1. results and facts come in as an Input; they are already protected, and
//     nothing else is read;
//  2. each result becomes a value in display units (whole percents, one
//     decimal), rounded once, bounds outward: charts, sentences, tables and
//     files are all drawn from that rounded value, so that no coordinate says
//     more than the number printed alongside;
//  3. package question says which results make which figure, under which question, on
//     which page of the report, and what stands on a school page; a result it has no
//     figure for still gets a plain one: nothing is dropped;
//  4. a figure becomes a reading sentence, an inline SVG in two widths, a table,
//     a CSV and a JSON file;
//  5. html/template writes pages that fetch nothing, French unless told otherwise: a
//     front page of five findings in sentences, a page for each theme of the mission with
//     the few figures that carry it, and an appendix of every figure by question.
//
// Output depends on the input only: no clock, no path, no map order.
package report
