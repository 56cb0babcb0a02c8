package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// manyFiles is how many deliveries are listed without being asked for, and
// manyOverlaps how many of a feed are told to overlap: the logs of several servers
// all do.
const (
	manyFiles    = 40
	manyOverlaps = 3
)

// printFiles accounts for the deliveries one by one: all of them when they are
// few or asked for, else those of which there is something to say.
func printFiles(out io.Writer, summary *zone.Summary, asked bool) error {
	all := asked || len(summary.Files) <= manyFiles
	overlaps := map[string]int{}
	for _, f := range summary.Files {
		if f.Overlap != nil {
			overlaps[f.Feed]++
		}
	}
	var notes []string
	shown := 0
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range summary.Files {
		said := fileNotes(f, asked || overlaps[f.Feed] <= manyOverlaps)
		notes = append(notes, said...)
		if !all && len(said) == 0 {
			continue
		}
		if shown++; shown == 1 {
			fmt.Fprintln(w, "\nfeed\tdelivery\tstatus\tread\tevents\tignored\trejects\tfrom\tto")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\n", f.Feed, f.File, f.Status, f.Read, f.Events, f.Skipped(),
			f.Rejected(), spanDay(f.FirstMs), spanDay(f.LastMs))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if !all {
		fmt.Fprintf(out, "\n%d of %d deliveries need a word; --files lists all\n", shown, len(summary.Files))
	}
	for _, n := range notes {
		fmt.Fprintln(out, n)
	}
	for _, f := range summary.Feeds {
		if n := overlaps[f.Name]; n > manyOverlaps && !asked {
			fmt.Fprintf(out, "%s: %d deliveries overlap in time, as those of several servers do; "+
				"records in two of them count once; --files says which\n", f.Name, n)
		}
		if f.Gone > 0 {
			fmt.Fprintf(out, "%s: %d ingested earlier, their files are not here\n", f.Name, f.Gone)
		}
	}
	return nil
}

// fileNotes says what is out of the ordinary with a delivery; overlaps, if asked.
func fileNotes(f zone.FileSummary, overlaps bool) (notes []string) {
	note := func(format string, args ...any) {
		notes = append(notes, f.Feed+": "+f.File+": "+fmt.Sprintf(format, args...))
	}
	switch f.Status {
	case zone.StatusRefused:
		note("cannot be read: %s", f.Reason)
	case zone.StatusAgain:
		note("delivered again, has the content of %s; read once", f.Of)
	case zone.StatusBegun:
		note("half-written, %s begins with it and is read instead", f.Of)
	default:
		if f.OpenEnded {
			note("ends within a record, may be half-written; taken back when the whole one comes")
		}
	}
	for _, field := range faultNotes(f.Fields) {
		note("%s", field)
	}
	encoding := func(field ingest.FaultCount) bool { return field.Reason == ingest.ReasonEncoding }
	if f.Rejects[ingest.ReasonEncoding] > 0 && f.Headings == "" && !slices.ContainsFunc(f.Fields, encoding) {
		note("%d records are not UTF-8, in which this format is written; hint: iconv -f WINDOWS-1252 -t UTF-8",
			f.Rejects[ingest.ReasonEncoding])
	}
	if f.Headings != "" {
		note("no record is used: %s", f.Headings)
	}
	if f.Completes {
		note("completes a delivery that was ingested half-written; that one is taken back")
	}
	if f.Late {
		note("late, older than what was ingested; taken in")
	}
	if o := f.Overlap; o != nil && overlaps {
		others := ""
		if o.Files > 1 {
			others = fmt.Sprintf(" and %d more", o.Files-1)
		}
		note("overlaps %s%s, %s; records in both count once", o.With, others, spanDays(o.Span))
	}
	return notes
}

// manyFaults is how many faults of fields of one file are told.
const manyFaults = 5

// faultNotes say of the fields of a file what they look like where records are refused, never what they hold.
func faultNotes(fields []ingest.FaultCount) (notes []string) {
	for i, f := range fields {
		if i == manyFaults {
			return append(notes, fmt.Sprintf("and %d more faults of fields", len(fields)-i))
		}
		text := fmt.Sprintf("field %s: %s: %d from line %d", f.Field, f.Reason, f.N, f.Line)
		if f.Shape != "" {
			text += fmt.Sprintf(", such as %s", f.Shape)
		}
		if f.Near != "" {
			text += fmt.Sprintf("; %q would fit", f.Near)
		}
		notes = append(notes, text)
	}
	return notes
}

func spanDays(s ingest.Span) string {
	from, to := spanDay(s.FirstMs), spanDay(s.LastMs)
	if from == to {
		minutes := "15:04"
		return from + " " + time.UnixMilli(s.FirstMs).UTC().Format(minutes) + " to " +
			time.UnixMilli(s.LastMs).UTC().Format(minutes) + " UTC"
	}
	return from + " to " + to
}
