package pages

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/wording"
)

// figure is one figure with everything around it.
type figure struct {
	ID      string
	Number  int
	Title   string
	Reading []string
	Legend  []legend
	Wide    *drawing.Chart
	Narrow  *drawing.Chart
	Table   table
	Notes   []string
	results []indicator.Result
}

// drawn gives a figure its chart in both widths.
func (f figure) drawn(draw func(narrow bool) *drawing.Chart) figure {
	f.Wide, f.Narrow = draw(false), draw(true)
	return f
}

type legend struct {
	Class, Text string
	Line        bool
}

// Dot says that the mark is a point.
func (l legend) Dot() bool { return strings.HasPrefix(l.Class, "dot") }

type table struct {
	Name string // for readers who cannot see where it stands
	Head []string
	Rows []row
}

type row struct {
	Label string
	Cells []string
	Head  bool
}

// numbers are the results of a figure that were found.
func results(numbers ...number) []indicator.Result {
	var out []indicator.Result
	for _, n := range numbers {
		if n.found {
			out = append(out, n.Result)
		}
	}
	return out
}

// encodeJSON writes a figure as data.
func (s *site) encodeJSON(f figure) ([]byte, error) {
	list := f.results
	if list == nil {
		list = []indicator.Result{}
	}
	data, err := json.MarshalIndent(struct {
		Figure    string             `json:"figure"`
		Title     string             `json:"title"`
		Synthetic bool               `json:"synthetic"`
		Licence   string             `json:"licence"`
		Reading   []string           `json:"reading"`
		Notes     []string           `json:"notes"`
		Results   []indicator.Result `json:"results"`
	}{f.ID, f.Title, s.answers.Synthetic, licence, f.Reading, f.Notes, list}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("pages: figure %s: %w", f.ID, err)
	}
	return append(data, '\n'), nil
}

const licence = "Licence Ouverte 2.0"

// encodeCSV writes the results of a figure, one a row, with a column for each key of
// their groups; RFC 4180, decimal point.
func encodeCSV(list []indicator.Result, synthetic bool) ([]byte, error) {
	found := map[string]bool{}
	for _, r := range list {
		for k := range r.Group {
			found[k] = true
		}
	}
	keys := slices.Sorted(maps.Keys(found))
	head := append([]string{"indicator", "measure", "population"}, keys...)
	head = append(head, "estimate", "low", "high", "confidence", "n", "status", "method", "warnings", "synthetic")
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.Write(head); err != nil {
		return nil, fmt.Errorf("pages: csv: %w", err)
	}
	for _, r := range list {
		line := []string{r.Indicator, r.Measure, r.Population}
		for _, k := range keys {
			line = append(line, wording.Inert(r.Group[k]))
		}
		line = append(line, decimal(r.Estimate), decimal(r.Low), decimal(r.High), decimal(&r.Level),
			strconv.FormatInt(r.N, 10), string(r.Status), r.Method, wording.Inert(indicator.Written(r.Warnings)),
			strconv.FormatBool(synthetic))
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("pages: csv: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func decimal(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}
