package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/input"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/aggregate"
	"github.com/entscope/entscope/ingest/source"
)

// reconciliation is what check --against found.
type reconciliation struct {
	Rows     int64                   `json:"rows"`
	Repeated int64                   `json:"repeated"`
	Totals   int64                   `json:"totals"`
	Rejects  map[ingest.Reason]int64 `json:"rejects,omitempty"`
	Tables   []aggregate.Comparison  `json:"tables"`
}

// comparisons are those of the files of check --against; nil where there are none.
type comparisons struct {
	Platform *reconciliation     `json:"against,omitempty"`
	National *nationalComparison `json:"against_national,omitempty"`
}

func compareAgainst(ctx context.Context, s *study.Study, found *checked, files []string) (*comparisons, error) {
	c := new(comparisons)
	if len(files) == 0 {
		return c, nil
	}
	for _, src := range s.Sources {
		if slices.Contains(src.Files, source.Stdin) {
			return nil, withExit(exitUsage,
				fmt.Errorf("source %s: standard input can be read once, --against reads twice; "+
					"hint: put it into a file", src.Name))
		}
	}
	ministry, platform := splitNational(files)
	var err error
	if len(platform) > 0 {
		if c.Platform, err = reconcile(ctx, s, found.Summary, platform); err != nil {
			return nil, err
		}
	}
	if len(ministry) > 0 {
		c.National, err = compareNational(ctx, s, found.directory, ministry)
	}
	return c, err
}

func (c *comparisons) print(out io.Writer) error {
	if c.Platform != nil {
		if err := c.Platform.print(out); err != nil {
			return err
		}
	}
	if c.National != nil {
		return c.National.print(out)
	}
	return nil
}

// reconcile reads the platform's files, counts the feeds of their formats, and
// compares. Nothing is written.
func reconcile(ctx context.Context, s *study.Study, summary *zone.Summary, files []string) (*reconciliation, error) {
	platform := aggregate.NewPlatform()
	for _, path := range files {
		if err := readAggregate(platform, path); err != nil {
			return nil, withExit(exitInput, fmt.Errorf("%s: %w", filepath.Base(path), err))
		}
	}
	feeds, err := input.Feeds(s)
	if err != nil {
		return nil, inputError(err)
	}
	wanted := map[string]bool{}
	for kind := range platform.Tables {
		wanted[kind.Format()] = kind != aggregate.Connector || wanted[kind.Format()]
	}
	own, counts := map[string]*aggregate.Own{}, map[string]*ingest.Counts{}
	counter := aggregate.NewCounter(aggregate.DefaultSet)
	for i := range feeds {
		name := feeds[i].Format.Name()
		if !wanted[name] {
			continue
		}
		if own[name] == nil {
			own[name], counts[name] = new(aggregate.Own), new(ingest.Counts)
		}
		if err := counter.Count(ctx, own[name], &feeds[i], s.Limits.Threads, openDelivery); err != nil {
			return nil, err
		}
		counts[name].Add(&summary.Feeds[i].Counts)
	}
	return &reconciliation{
		Rows: platform.Rows, Repeated: platform.Repeated, Totals: platform.Totals, Rejects: platform.Rejects,
		Tables: aggregate.Compare(platform, own, counts),
	}, nil
}

func openDelivery(path string) (aggregate.Delivery, error) { return source.Open(path) }

func readAggregate(platform *aggregate.Platform, path string) error {
	d, err := source.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	return platform.Read(absolute, d)
}

func (r *reconciliation) print(out io.Writer) error {
	fmt.Fprintf(out, "\nagainst the platform: %d rows used, %d repeated, %d totals over all profiles\n", r.Rows,
		r.Repeated, r.Totals)
	printCounts(out, "platform: rejected, ", r.Rejects)
	for _, t := range r.Tables {
		fmt.Fprintf(out, "\n%s\n", t.Kind)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		if len(t.Lines) > 0 {
			fmt.Fprintln(w, "month\tprofile\ttotal\tours\ttheirs\tdifference\tratio\t")
		}
		for _, l := range t.Lines {
			ratio := "-"
			if l.Ratio != nil {
				ratio = fmt.Sprintf("%.3f", *l.Ratio)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%+d\t%s\t\n", l.Month, l.Profile, l.Total, l.Ours, l.Theirs,
				l.Difference, ratio)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		for _, l := range t.Lines {
			if l.Reason != "" {
				fmt.Fprintf(out, "%s %s %s: %s\n", l.Month, l.Profile, l.Total, l.Reason)
			}
		}
		for _, note := range t.Notes {
			fmt.Fprintln(out, "note:", note)
		}
	}
	return nil
}
