package ingest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// TestConstants ties the constants of vocabulary.go to the table of words: each
// word has its constant, with the same number, and the other way round.
func TestConstants(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "vocabulary.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.ValueSpec); ok && len(c.Values) == 1 {
			if number, ok := c.Values[0].(*ast.BasicLit); ok {
				got[c.Names[0].Name], _ = strconv.ParseInt(number.Value, 10, 64)
			}
		}
		return true
	})
	want := map[string]int64{}
	for name, number := range vocabulary.Constants() {
		camel := ""
		for part := range strings.SplitSeq(name, "_") {
			camel += strings.ToUpper(part[:1]) + part[1:]
		}
		want[camel] = number
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("vocabulary.go has\n%v, the table\n%v", got, want)
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		word string
		want Service
		ok   bool
	}{
		{"report_book", ServiceReportBook, true},
		{"report-book", ServiceReportBook, true},
		{"102", ServiceReportBook, true},
		{"03", ServiceGrades, true},
		{"", ServiceUnknown, true},
		{"8", 8, false},
		{"999", 0, false},
		{"grade", 0, false},
	} {
		if got, ok := ParseService([]byte(tt.word)); got != tt.want && ok || ok != tt.ok {
			t.Errorf("%q: %d %v", tt.word, got, ok)
		}
	}
}
