package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/durable"
)

// pages are the files of one folder, by name.
type pages map[string][]byte

// write makes the folder dir of the pages, as a whole.
func (p pages) write(disk durable.Disk, dir string) error {
	if err := disk.WriteFolder(dir, p, 0o755); err != nil {
		return fmt.Errorf("report: write pages: %w", err)
	}
	return nil
}

// figureJSON is one figure as data.
type figureJSON struct {
	Figure    string             `json:"figure"`
	Title     string             `json:"title"`
	Synthetic bool               `json:"synthetic"`
	Licence   string             `json:"licence"`
	Terms     string             `json:"terms"`
	Start     string             `json:"start"`
	End       string             `json:"end"`
	Reading   []string           `json:"reading"`
	Results   []indicator.Result `json:"results"`
	// Previous is what the earlier period published of the same.
	Previous []pastJSON `json:"previous,omitempty"`
}

func encodeJSON(v figureJSON) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: figure: %w", err)
	}
	return append(data, '\n'), nil
}

// encodeCSV writes the results of a figure, RFC 4180, decimal point, one row a
// result, with the keys of results.json as header.
func encodeCSV(results []indicator.Result, synthetic bool, licence string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"indicator", "edition", "population", "grouping", "group", "measure",
		"estimate", "low", "high", "level", "target", "n", "status", "method", "warnings", "synthetic", "licence"}}
	for _, r := range results {
		g := groupOf(r)
		n := ""
		if r.Status == indicator.Published {
			n = strconv.FormatInt(r.N, 10)
		}
		rows = append(rows, []string{
			wording.Inert(r.Indicator), wording.Inert(r.Edition), wording.Inert(r.Population), wording.Inert(g.key),
			wording.Inert(g.value), wording.Inert(r.Measure), plain(r.Estimate), plain(r.Low), plain(r.High),
			plain(&r.Level), wording.Inert(r.Target), n, wording.Inert(string(r.Status)), wording.Inert(r.Method),
			wording.Inert(indicator.Written(r.Warnings)), strconv.FormatBool(synthetic),
			licence,
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("report: figure: %w", err)
	}
	return b.Bytes(), nil
}

func plain(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64)
}

// Files of the report that are no theme.
const (
	frontFile    = "index.html"
	appendixFile = "annexe.html"
)

// pastJSON are the figures of an earlier period beside those of a file.
type pastJSON struct {
	Term    string             `json:"term"`
	Start   string             `json:"start"`
	End     string             `json:"end"`
	Results []indicator.Result `json:"results"`
}
