package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest/join"
)

// manySchools is how many schools with a poor join are listed without being asked for.
const manySchools = 5

// printJoins writes how well the inputs fit together: all joins but those of single schools, of which the poorest are
// listed, or all if asked.
func printJoins(out io.Writer, s *zone.Summary, floors join.Floors, all bool) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	var schools []join.Join
	for i := range s.Joins {
		j := s.Joins[i]
		if j.By == join.BySchool {
			schools = append(schools, j)
			continue
		}
		if i == 0 {
			fmt.Fprintln(w, "\nnamed by\tknown to\tof\tnamed\tknown\tshare")
		}
		if j.Named > 0 {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\n", j.From, j.To, joinUnit(j), j.Named, j.Known, percent(j.Share()))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	poor := slices.DeleteFunc(slices.Clone(schools), func(j join.Join) bool { return j.Share() >= floors.Sure })
	slices.SortStableFunc(poor, func(a, b join.Join) int { return cmp.Compare(a.Share(), b.Share()) })
	for i, j := range poor {
		if i == manySchools && !all {
			fmt.Fprintf(out, "and %d more schools; --files lists all\n", len(poor)-i)
			break
		}
		fmt.Fprintf(out, "%s: school %s: %d of %d accounts are known\n", j.From, j.Value, j.Known, j.Named)
	}
	for _, f := range s.Feeds {
		if n := s.Outside[f.Name]; n > 0 {
			fmt.Fprintf(out, "%s: %d of %d events are outside the window of the study\n", f.Name, n, f.Events)
		}
	}
	return nil
}

func joinUnit(j join.Join) string {
	if j.By == join.ByProfile {
		return fmt.Sprintf("%s (%s)", j.Unit, j.Value)
	}
	return string(j.Unit)
}

// percent is a share, never rounded to all or nothing that it is not.
func percent(share float64) string {
	text := fmt.Sprintf("%.1f %%", 100*share)
	if share < 1 && text == "100.0 %" {
		return "99.9 %"
	}
	return text
}
