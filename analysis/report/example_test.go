package report_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/durable"
)

// A report of one protected result: the front page, the pages of the themes, the appendix,
// and the figure as data.
func ExampleWriteOn() {
	never, low, high := 0.23, 0.21, 0.25
	results := []indicator.Result{{
		Indicator: "L2", Measure: "never", Population: "all_accounts", Edition: "research",
		Estimate: &never, Low: &low, High: &high, Level: 0.95, N: 39500, Status: indicator.Published,
	}}
	facts := report.Facts{
		Study: "demo", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Subject: "parent", Synthetic: true,
	}
	parent, err := os.MkdirTemp("", "report")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "report")
	err = report.WriteOn(durable.Disk{}, dir, report.Input{Lang: "en", Results: results, Facts: facts})
	if err != nil {
		fmt.Println(err)
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	// Output:
	// L2-jamais.csv
	// L2-jamais.json
	// accompagnement.html
	// annexe.html
	// fracture.html
	// index.html
	// messages.html
	// notes.html
	// qualite.html
	// visites.html
}
