package flow_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/entscope/entscope/anonymize/flow"
)

// Every file is asked once, in order, and never more bytes at a time than fit, but of a list that is larger by itself.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, size int) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	a, b, c, d, large, gone := file("a", 40), file("b", 30), file("c", 30), file("d", 1), file("large", 300),
		filepath.Join(dir, "gone")
	for name, test := range map[string]struct{ lists, want [][]string }{
		"none":            {nil, nil},
		"as many as fit":  {[][]string{{a}, {b, c}, nil, {d}}, [][]string{{a, b, c}, {d}}},
		"a large one":     {[][]string{{a}, {large}, {b}, {c}}, [][]string{{a}, {large}, {b, c}}},
		"one that is not": {[][]string{{a}, {gone}, {b}}, [][]string{{a}, {gone}, {b}}},
	} {
		if got := flow.Together(test.lists, 100); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
	whole := []string{a, b}
	if flow.Together([][]string{whole[:1], {c}}, 100); whole[1] != b {
		t.Error("the list that was given has changed")
	}
}
