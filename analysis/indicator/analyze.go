package indicator

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// notReleased marks everything a researcher sees before protection.
const notReleased = "NOT RELEASED: exact figures of an edition, for the secure environment only. " +
	"Run the release to publish."

// WriteAnalysis writes unprotected results for a researcher, marked as not
// released: format is table (aligned text), csv and parquet (with a column released) or
// json ({"released": false, "results": […]}).
func WriteAnalysis(w io.Writer, results []Result, format string) error {
	var err error
	switch format {
	case "", "table":
		_, err = fmt.Fprintln(w, notReleased)
		if err == nil {
			err = WriteTable(w, results)
		}
	case "csv":
		err = writeAnalysisCSV(w, results)
	case "parquet":
		err = writeAnalysisParquet(w, results)
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		err = e.Encode(struct {
			Released bool     `json:"released"`
			Results  []Result `json:"results"`
		}{false, results})
	default:
		return fmt.Errorf("indicator: format %q is not table, csv, json or parquet", format)
	}
	if err != nil {
		return fmt.Errorf("indicator: write analysis: %w", err)
	}
	return nil
}

func writeAnalysisCSV(w io.Writer, results []Result) error {
	var plain strings.Builder
	if err := WriteCSV(&plain, results); err != nil {
		return err
	}
	records, err := csv.NewReader(strings.NewReader(plain.String())).ReadAll()
	if err != nil {
		return err
	}
	for i := range records {
		mark := "false"
		if i == 0 {
			mark = "released"
		}
		records[i] = append(records[i], mark)
	}
	return csv.NewWriter(w).WriteAll(records)
}

// parquetRow is a result as a row, with the columns of WriteCSV.
type parquetRow struct {
	Indicator  string   `parquet:"indicator"`
	Edition    string   `parquet:"edition"`
	Population string   `parquet:"population"`
	Group      string   `parquet:"group"`
	Measure    string   `parquet:"measure"`
	Estimate   *float64 `parquet:"estimate,optional"`
	Low        *float64 `parquet:"low,optional"`
	High       *float64 `parquet:"high,optional"`
	Level      float64  `parquet:"level"`
	Target     string   `parquet:"target"`
	N          int64    `parquet:"n"`
	Status     string   `parquet:"status"`
	Method     string   `parquet:"method"`
	Warnings   string   `parquet:"warnings"`
	Released   bool     `parquet:"released"`
}

func writeAnalysisParquet(w io.Writer, results []Result) error {
	rows := make([]parquetRow, len(results))
	for i, r := range results {
		rows[i] = parquetRow{Indicator: r.Indicator, Edition: r.Edition, Population: r.Population,
			Group: groupText(r.Group), Measure: r.Measure, Estimate: r.Estimate, Low: r.Low, High: r.High,
			Level: r.Level, Target: r.Target, N: r.N, Status: string(r.Status), Method: r.Method,
			Warnings: Written(r.Warnings)}
	}
	return edition.Encode(w, rows, map[string]string{"notice": notReleased})
}

// WriteTable writes results as aligned text: one block an indicator under its
// question, one line a result, its warnings numbered below the block.
func WriteTable(w io.Writer, results []Result) error {
	for start := 0; start < len(results); {
		end := start
		for end < len(results) && results[end].Indicator == results[start].Indicator {
			end++
		}
		if err := writeBlock(w, results[start:end]); err != nil {
			return err
		}
		start = end
	}
	return nil
}

func writeBlock(w io.Writer, results []Result) error {
	ind, err := question.Lookup(results[0].Indicator)
	if err != nil {
		return err
	}
	rows := [][]string{{"measure", "population", "group", "value", "interval", "n", "notes"}}
	var notes []string
	for _, r := range results {
		m, _ := ind.Measure(r.Measure)
		var marks []string
		for _, w := range r.Warnings {
			note := w.String()
			at := slices.Index(notes, note)
			if at < 0 {
				at = len(notes)
				notes = append(notes, note)
			}
			marks = append(marks, strconv.Itoa(at+1))
		}
		rows = append(rows, []string{r.Measure, r.Population, groupText(r.Group),
			valueText(r, m), intervalText(r, m), countText(r), strings.Join(marks, ",")})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s  %s\n", ind.ID, ind.Question.FR)
	alignText(&b, rows)
	for i, note := range notes {
		fmt.Fprintf(&b, "  %d  %s\n", i+1, note)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// alignRight says which columns of a block hold numbers.
var alignRight = []bool{false, false, false, true, true, true, false}

func alignColumns(rows [][]string) []int {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	return width
}

func alignText(b *strings.Builder, rows [][]string) {
	width := alignColumns(rows)
	for _, row := range rows {
		line := " "
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if alignRight[i] {
				cell = pad + cell
			} else {
				cell += pad
			}
			line += " " + cell + " "
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func valueText(r Result, m question.Measure) string {
	switch {
	case r.Status == Suppressed:
		return "suppressed"
	case r.Status == NotMeasurable:
		return "non mesurable"
	case r.Estimate == nil:
		return ""
	}
	return measured(m, *r.Estimate)
}

func intervalText(r Result, m question.Measure) string {
	if r.Low == nil || r.High == nil {
		return ""
	}
	return "[" + measured(m, *r.Low) + ", " + measured(m, *r.High) + "]"
}

func countText(r Result) string {
	if r.Status != Published {
		return ""
	}
	return strconv.FormatInt(r.N, 10)
}

// measured writes a number of the measure's kind: shares in percent, the rest with
// four significant digits.
func measured(m question.Measure, x float64) string {
	kind := m.Kind
	if m.Estimator == "schools" {
		kind = question.Share
	}
	switch kind {
	case question.Share, question.EventShare, question.Bounds, question.Gap:
		return strconv.FormatFloat(100*x, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}
