package report

import (
	"errors"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
)

// A sheet shows each number of its results, under their question, and says what it is.
func TestSheet(t *testing.T) {
	in := Input{Facts: Facts{Study: "étude", Term: "2025-T1", Start: "2025-09-01", End: "2025-12-31",
		Subject: "parent", Synthetic: true}}
	for i, g := range sampleGroups[:4] {
		in.Results = append(in.Results, pct("L2", "never", "all_accounts", g, 0.31+float64(i)/100, 0.02, 900),
			pct("L2", "never", "active_accounts", g, 0.11+float64(i)/100, 0.02, 700))
	}
	cross := map[string]string{"stratum": "lycee 2"}
	in.Results = append(in.Results, pct("L2", "never", "all_accounts", cross, 0.47, 0.02, 900))
	for _, by := range []bool{false, true} {
		chart, err := Sheet(in, "NON DIFFUSÉ", by)
		if err != nil {
			t.Fatal(err)
		}
		text := string(chart.SVG("x"))
		for _, want := range []string{"NON DIFFUSÉ", "Données synthétiques", "L2 ", "31", "34", "11", "14",
			"Par niveau", "étude, 2025-T1", "IPS de 85 à 95", "47"} {
			if !strings.Contains(text, want) {
				t.Errorf("by %v: %q is not on the sheet", by, want)
			}
		}
	}
}

// A sheet without a number is none, and says why.
func TestSheetOfNothing(t *testing.T) {
	r := indicator.Result{Indicator: "C4", Measure: "x", Population: "pairs", Status: indicator.NotMeasurable,
		Warnings: []indicator.Warning{{Code: indicator.CodeNoFeed, French: "la source n’existe pas"}}}
	in := Input{Results: []indicator.Result{r}, Facts: Facts{Subject: "parent"}}
	_, err := Sheet(in, "", true)
	if !errors.Is(err, ErrNothingDrawn) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "C4: la source n’existe pas") {
		t.Errorf("it does not say why: %v", err)
	}
}
