// Package national answers the questions of the study on the ministry's open data:
// the weekly counts of the DNMA by school since 2019, the social position of
// schools (IPS), the directory and the calendar. The data is public and counts
// visits, not persons: nothing is suppressed here, and nothing is anonymous either.
//
// The data goes one way:
//
//  1. Answer opens the edition that `entscope national` wrote (one Parquet file a
//     table) and attaches it to the engine;
//  2. weekly sums by académie come first, and [silences] finds in them the feeds that
//     stood still. Weeks of a silent feed and of a file that was cut measure nothing:
//     the view `measured` has null there, never 0;
//  3. statements in sql/ add up schools, weeks and pairs of years into tables of
//     some 100,000 rows of integers;
//  4. one file a question (visits, perimeter, event, device, service, gradient,
//     season) turns them into figures with package stats;
//  5. [Answers] carries the figures as results of the schema of package indicator,
//     and the series and schools that pages draw.
//
// Two things are never taken for use: a feed that stopped, and a break of method
// between school years. Breaks are found in the data ([findBreaks]); a comparison
// across one has no number unless it was asked for.
//
// Intervals speak of the schools as a draw from schools like them (superpopulation),
// never of persons. `utilisateurs` are distinct within a school and a week: their sums
// are user-weeks.
package national
