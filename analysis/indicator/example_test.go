package indicator_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// small opens an edition that holds one measure: in each of twenty schools, 100
// parents of whom some never logged in.
func small(parent string) (*query.Edition, error) {
	var rows []edition.SumRow
	for school := range int32(20) {
		never := int64(15 + school%10)
		row := edition.SumRow{
			Grouping: "all", Measure: "L2.never", Population: edition.PopAll, Cluster: school, Schools: 1,
			Persons: 100, Families: 100, Numerator: never, Denom: 100, SumXX: never, SumXY: never, SumYY: 100,
			H00: 100 - never, H01: never,
		}
		rows = append(rows, row)
		row.Grouping, row.Group = "level", "college"
		rows = append(rows, row)
	}
	dir := filepath.Join(parent, "research")
	w, err := edition.NewWriter(dir)
	if err != nil {
		return nil, err
	}
	if err := edition.WriteTable(w, edition.TableSums, rows, nil); err != nil {
		return nil, err
	}
	if err := w.Commit(&edition.Manifest{
		Kind: "research", Study: "example", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Subject: "parent",
		Synthetic: true,
	}); err != nil {
		return nil, err
	}
	return query.Open(context.Background(), dir, engine.Config{MemoryMB: 200, Threads: 1, TempDir: parent})
}

// Compute gives exact figures, which never leave the secure environment;
// Release makes of them what may be published.
func ExampleCompute() {
	parent, err := os.MkdirTemp("", "edition")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	ed, err := small(parent)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ed.Close()
	exact, err := indicator.Compute(context.Background(), ed, []string{"L2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, err := disclosure.ParsePolicy(disclosure.DefaultPolicy())
	if err != nil {
		fmt.Println(err)
		return
	}
	released, err := indicator.Release(context.Background(), exact, nil, policy, nil, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, r := range exact {
		if r.Measure == "never" && r.Population == edition.PopAll && len(r.Group) == 0 {
			fmt.Printf("exact     %.3f [%.3f, %.3f]\n", *r.Estimate, *r.Low, *r.High)
			shown := released.Results[i]
			fmt.Printf("published %.2f [%.2f, %.2f]\n", *shown.Estimate, *shown.Low, *shown.High)
		}
	}
	// Output:
	// exact     0.195 [0.181, 0.209]
	// published 0.20 [0.17, 0.22]
}

// Analyze answers by any grouping the edition carries; another one is refused.
func ExampleAnalyze() {
	parent, err := os.MkdirTemp("", "edition")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	ed, err := small(parent)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ed.Close()
	_, err = indicator.Analyze(context.Background(), ed, indicator.Request{IDs: []string{"L2"}, By: []string{"sector"}})
	fmt.Println(err)
	// Output:
	// indicator: cannot be asked of this edition: it has no grouping "sector", it carries level
}
