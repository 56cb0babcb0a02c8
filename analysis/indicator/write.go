package indicator

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// WriteResults writes {"results": […]}, one result a line, in the order given. Numbers
// are the shortest decimals that read back the same.
func WriteResults(w io.Writer, results []Result) error {
	out := bufio.NewWriter(w)
	out.WriteString("{")
	if err := writeList(out, "results", written(results)); err != nil {
		return err
	}
	out.WriteString("}\n")
	return flush(out)
}

// WriteReleased writes results.json: {"results": […], "comparisons": […]}.
func WriteReleased(w io.Writer, released *Released) error {
	out := bufio.NewWriter(w)
	out.WriteString("{")
	if err := writeList(out, "results", written(released.Results)); err != nil {
		return err
	}
	out.WriteString(", ")
	if err := writeList(out, "comparisons", released.Comparisons); err != nil {
		return err
	}
	out.WriteString("}\n")
	return flush(out)
}

func flush(out *bufio.Writer) error {
	if err := out.Flush(); err != nil {
		return fmt.Errorf("indicator: write results: %w", err)
	}
	return nil
}

// written gives results empty lists in the place of none.
func written(results []Result) []Result {
	out := slices.Clone(results)
	for i := range out {
		if out[i].Group == nil {
			out[i].Group = map[string]string{}
		}
		if out[i].Warnings == nil {
			out[i].Warnings = []Warning{}
		}
	}
	return out
}

// writeList writes a member of an object: one entry a line.
func writeList[T any](out *bufio.Writer, name string, list []T) error {
	out.WriteString("\"" + name + "\": [")
	for i, entry := range list {
		var line strings.Builder
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(entry); err != nil {
			return fmt.Errorf("indicator: write %s: entry %d: %w", name, i, err)
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n" + strings.TrimSuffix(line.String(), "\n"))
	}
	out.WriteString("\n]")
	return nil
}

// csvHeader names the columns of WriteCSV.
var csvHeader = []string{
	"indicator", "edition", "population", "group", "measure", "estimate", "low", "high",
	"level", "target", "n", "status", "method", "warnings",
}

// WriteCSV writes one result a line. A value that is not published is an empty
// field; a group is "key=value"; warnings are joined by " ; ".
func WriteCSV(w io.Writer, results []Result) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader); err != nil {
		return fmt.Errorf("indicator: write csv: %w", err)
	}
	for _, r := range results {
		record := []string{
			r.Indicator, r.Edition, r.Population, groupText(r.Group), r.Measure,
			number(r.Estimate), number(r.Low), number(r.High), strconv.FormatFloat(r.Level, 'g', -1, 64),
			r.Target, strconv.FormatInt(r.N, 10), string(r.Status), r.Method, Written(r.Warnings),
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("indicator: write csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("indicator: write csv: %w", err)
	}
	return nil
}

func number(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

func groupText(g map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(g)) {
		parts = append(parts, k+"="+g[k])
	}
	return strings.Join(parts, " ")
}
