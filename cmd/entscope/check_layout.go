package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/draft"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/source"
)

// printLayout proposes a layout for an access log of which more is rejected than the study
// admits. It is for the operator to take: nothing is read by a guess.
func printLayout(out io.Writer, s *study.Study, f *zone.FeedSummary) error {
	i := slices.IndexFunc(s.Sources, func(src study.Source) bool { return src.Name == f.Name })
	share := float64(f.Rejected()) / float64(max(1, f.Read))
	if i < 0 || f.Format != "combined" || share <= s.Limits.MaxRejectShare {
		return nil
	}
	src := s.Sources[i]
	files, err := source.Glob(s.Dir, src.Files)
	if err != nil || len(files) == 0 || files[0] == source.Stdin {
		return nil // said where the feed is read
	}
	p, ok, err := draft.Propose(files[0], cmp.Or(src.Timezone, s.About.Timezone), src.Map, 1-share)
	if err != nil {
		return inputError(err)
	}
	if !ok {
		fmt.Fprintf(out, "%s: no layout that has a name fits; hint: entscope help layouts\n", f.Name)
		return nil
	}
	fmt.Fprintf(out, "%s: hint: layout = '%s' fits %.0f %% of its first records", f.Name, p.Layout, 100*p.Fit)
	if p.Doubt != "" {
		fmt.Fprintf(out, "; not sure: %s", p.Doubt)
	}
	fmt.Fprintln(out)
	return nil
}
