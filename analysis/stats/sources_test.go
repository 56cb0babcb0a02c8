package stats

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

var (
	outputs   = regexp.MustCompile(`-?\d+\.?\d*(?:e-?\d+)?`)
	comments  = regexp.MustCompile(`(?m)^\s*//.*$`)
	expecteds = regexp.MustCompile(`\b\d+\.\d{8,}(?:e-?\d+)?`)
)

// Every number of eight decimals that a test of this package expects stands in what a
// script of R printed, kept beside the script. `.ci/long` runs the scripts again.
func TestNumbersHaveTheirScript(t *testing.T) {
	var printed []float64
	for _, file := range glob(t, "testdata/*.R") {
		data, err := os.ReadFile(file + ".txt")
		if err != nil {
			t.Errorf("%s has no output: Rscript %s > %s.txt", file, file, file)
			continue
		}
		for _, number := range outputs.FindAllString(string(data), -1) {
			if v, err := strconv.ParseFloat(number, 64); err == nil {
				printed = append(printed, math.Abs(v))
			}
		}
	}
	slices.Sort(printed)
	tried := 0
	for _, file := range glob(t, "*_test.go") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, number := range expecteds.FindAllString(comments.ReplaceAllString(string(data), ""), -1) {
			v, err := strconv.ParseFloat(number, 64)
			if err != nil {
				t.Fatal(err)
			}
			tried++
			at, _ := slices.BinarySearch(printed, v*(1-1e-6))
			if at == len(printed) || printed[at] > v*(1+1e-6) {
				t.Errorf("%s expects %s, which no script of testdata prints", file, number)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d numbers were looked for", tried)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v %v", pattern, files, err)
	}
	return files
}
