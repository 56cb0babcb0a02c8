package model

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// AssociationFormats are what [Association.Write] writes.
var AssociationFormats = []string{"table", "json"}

// Write writes the association as aligned text or as JSON.
func (a *Association) Write(out io.Writer, format string) error {
	switch format {
	case "", "table":
	case "json":
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(a)
	default:
		return fmt.Errorf("%w: format %w", ErrAsked, vocabulary.Unknown(format, AssociationFormats))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s (rows) by %s (columns), from the person table\n%d persons, %d clusters\n\n", notReleased,
		a.Columns[0], a.Columns[1], a.Persons, a.Clusters)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "persons\t%s\t\n", strings.Join(a.Values[1], "\t"))
	for i, v := range a.Values[0] {
		fmt.Fprint(w, v, "\t")
		for _, n := range a.Counts[i] {
			text := "(few)"
			if n != nil {
				text = strconv.FormatInt(*n, 10)
			}
			fmt.Fprint(w, text, "\t")
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	fmt.Fprint(w, "\n\tvalue\t95 % interval\tp\tp, persons independent\t\n")
	for _, l := range a.Lines {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s (%s)\t\n", l.Name, digits(l.Interval.Value), l.text(), pText(l.P),
			pText(l.Independent), l.Test)
	}
	w.Flush()
	b.WriteString("\n")
	for _, n := range a.Notes {
		fmt.Fprintf(&b, "- %s\n", n)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
