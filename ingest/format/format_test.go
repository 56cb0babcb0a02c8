package format_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/tabular"
)

var update = flag.Bool("update", false, "write the table of FORMATS.md")

const document = "FORMATS.md"

// TestList: each format is made, bears its name, and is described.
func TestList(t *testing.T) {
	names, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	csv := tabular.Mapping{Columns: map[string]any{"account": "a", "at": "t"}, DateTime: "unix"}
	all := format.Settings{Map: "pronote", CSV: &csv}
	for _, f := range format.All() {
		made, err := f.New(format.Options{Settings: all, Clock: clock, Zone: time.UTC, Catalog: names})
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		if made.Name() != f.Name {
			t.Errorf("%s calls itself %s", f.Name, made.Name())
		}
		if r := made.Open(nil); r.Framing == nil || r.NewDecoder == nil {
			t.Errorf("%s: an empty delivery has no reading", f.Name)
		}
		if f.French == "" || f.English == "" {
			t.Errorf("%s: no description", f.Name)
		}
	}
}

// TestSettings: every key of Settings is read by a format.
func TestSettings(t *testing.T) {
	var read []string
	for _, f := range format.All() {
		read = append(append(read, f.Needs...), f.Takes...)
	}
	s := reflect.TypeFor[format.Settings]()
	for i := range s.NumField() {
		if key := s.Field(i).Tag.Get("toml"); !slices.Contains(read, key) {
			t.Errorf("no format reads %s", key)
		}
	}
}

// TestLayout: what is wrong with a layout is said before anything is read.
func TestLayout(t *testing.T) {
	for name, c := range map[string]struct{ layout, want string }{
		"combined":   {"comon", `did you mean "common"?`},
		"shibboleth": {"%a|%b", "needs %T and %u"},
	} {
		f, err := format.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		err = f.Check(&format.Settings{Map: "pronote", Layout: c.layout})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func ExampleLookup() {
	f, err := format.Lookup("combined")
	fmt.Println(f.English, err)
	fmt.Println(f.Check(&format.Settings{Year: 2025}))
	_, err = format.Lookup("mooodle")
	_, hint, _ := strings.Cut(err.Error(), "; ") // behind the names of all formats
	fmt.Println(hint)
	// Output:
	// access log of a web server (Combined or Common Log Format, or the layout declared), with the account as authuser <nil>
	// map belongs to format combined (which needs it), xapi, caliper
	// year belongs to format moodle
	// did you mean "moodle"?
}

// anchor is the one GitHub gives a heading.
func anchor(heading string) string {
	heading = strings.ToLower(strings.TrimSpace(heading))
	heading = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(heading, "")
	return strings.ReplaceAll(heading, " ", "-")
}

func headings(t *testing.T) map[string]bool {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(text), -1) {
		if anchors[anchor(m[1])] {
			t.Errorf("%s: heading %q stands twice", document, m[1])
		}
		anchors[anchor(m[1])] = true
	}
	return anchors
}

// TestTable: the table of FORMATS.md is that of the list.
func TestTable(t *testing.T) {
	known := headings(t)
	var b strings.Builder
	b.WriteString("| `format` | what it reads | ce qu’il lit | options |\n|---|---|---|---|\n")
	for _, f := range format.All() {
		if !known[anchor(f.Section)] {
			t.Errorf("%s: no heading %q in %s", f.Name, f.Section, document)
		}
		var options []string
		for _, key := range f.Needs {
			options = append(options, "`"+key+"` (needed)")
		}
		for _, key := range f.Takes {
			options = append(options, "`"+key+"`")
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", f.Name, anchor(f.Section), f.English, f.French,
			strings.Join(options, ", "))
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "<!-- formats -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), from)
	_, tail, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("%s: no place for the table", document)
	}
	want := head + from + b.String() + to + tail
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("the table of %s is not that of the list; go generate ./ingest/format writes it", document)
	}
	if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestReferences: wherever the tree refers to a heading of FORMATS.md, there is one.
func TestReferences(t *testing.T) {
	known := headings(t)
	reference := regexp.MustCompile(`FORMATS\.md#([\p{L}\p{N}_-]+)`)
	seen := 0
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); strings.HasPrefix(name, ".") && len(name) > 2 {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".tsv", ".toml", ".csv", ".json", ".log", ".ndjson":
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range reference.FindAllSubmatch(text, -1) {
			if seen++; !known[string(m[1])] {
				t.Errorf("%s: no heading #%s in %s", path, m[1], document)
			}
		}
		if strings.Contains(string(text), "log-formats"+".md") && filepath.Base(path) != "catalog.go" {
			t.Errorf("%s: names a file that is not in the repository", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("only %d references: the test looks at the wrong tree", seen)
	}
}
