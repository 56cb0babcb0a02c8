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
//  3. package question says which results make which figure, under which question,
//     and what stands on the first screen and on a school page; a result it has no
//     figure for still gets a plain one: nothing is dropped;
//  4. a figure becomes a reading sentence, an inline SVG in two widths, a table,
//     a CSV and a JSON file;
//  5. html/template writes single-file pages, French unless told otherwise,
//     without script or network.
//
// Output depends on the input only: no clock, no path, no map order.
package report
