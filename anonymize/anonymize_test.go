package anonymize

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/subject"
)

var declaredTwo = []edition.Declared{
	{Kind: edition.DeclaredEvent, Name: "charte", Label: "Charte de la messagerie", Start: "2025-10-01"},
	{Kind: edition.DeclaredDeadline, Name: "bourse", Label: "Demande de bourse", Start: "2025-10-16",
		Levels: []string{"college"}, Grades: []string{"3e"}},
}

// The tables count with the deadlines that the study declares.
func TestDeclared(t *testing.T) {
	s := Study{Declared: declaredTwo}
	got, err := s.deadlines()
	want := []subject.Deadline{{Name: "bourse", Day: 20377, Levels: []string{"college"}, Grades: []string{"3e"}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v %v", got, err)
	}
	for name, d := range map[string]edition.Declared{
		"no name":         {Kind: edition.DeclaredEvent, Start: "2025-10-01"},
		"kind":            {Kind: "feast", Name: "x", Start: "2025-10-01"},
		"day":             {Kind: edition.DeclaredDeadline, Name: "x", Start: "01/10/2025"},
		"end":             {Kind: edition.DeclaredEvent, Name: "x", Start: "2025-10-01", End: "never"},
		"ends before":     {Kind: edition.DeclaredEvent, Name: "x", Start: "2025-10-02", End: "2025-10-01"},
		"deadline, empty": {Kind: edition.DeclaredDeadline, Name: "x"},
	} {
		s.Declared = append(declaredTwo[:2:2], d)
		if _, err := s.deadlines(); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// Both editions, made from one zone, hold every claim the audit can re-check.
func TestEditionsHoldTheirClaims(t *testing.T) {
	ctx := context.Background()
	b := baseEditions(t)
	for dir, write := range map[string]func(context.Context, Options) (string, error){
		b.research: Research, b.schools: Schools,
	} {
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := edition.Read(root); err != nil || !reflect.DeepEqual(m.Declared, declaredTwo) ||
			root.Close() != nil {
			t.Errorf("declared in the manifest: %+v, %v", m.Declared, err)
		}
		if w := manifestOf(t, dir).Widths[edition.TableSums]; strings.Contains(dir, edition.KindResearch) &&
			!(w.Figures > w.Lost && w.Median > 1 && w.Median < 3) {
			t.Errorf("what the noise costs: %+v", w)
		}
		report, err := audit.Folders(ctx, audit.Inputs{Editions: []string{dir}}, b.options.Engine)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range report.Failed() {
			t.Errorf("%s: %s: %s", c.ID, c.Title, c.Detail)
		}
		for _, c := range report.Claims {
			if c.ID == "order" && c.Result != audit.Holds {
				t.Error("rows are not in the order of their values")
			}
		}
		if _, err := write(ctx, b.options); !errors.Is(err, edition.ErrExists) {
			t.Errorf("a second edition: got %v, want ErrExists", err)
		}
	}
}

// Same zone in another order of rows, same bytes.
func TestSameBytesInAnyOrder(t *testing.T) {
	b, g := baseEditions(t), draw(1, 18, 41)
	g.shuffle(3)
	research, schools := b.beside(t, g, func(*Options) {})
	for first, second := range map[string]string{b.research: research, b.schools: schools} {
		names, err := filepath.Glob(filepath.Join(first, "*"))
		if err != nil || len(names) < 5 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			a, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(filepath.Join(second, filepath.Base(name)))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) {
				t.Errorf("%s differs", filepath.Base(name))
			}
		}
	}
}

// A policy that cannot be met refuses the whole edition.
func TestUnsatisfiableWritesNothing(t *testing.T) {
	o := options(t, draw(4, 6, 8))
	strict := *o.Research
	strict.K = 100_000
	o.Research = &strict
	dir, err := Research(context.Background(), o)
	if !errors.Is(err, kanon.ErrUnsatisfiable) {
		t.Fatalf("got %q, %v, want ErrUnsatisfiable", dir, err)
	}
	entries, err := os.ReadDir(o.Out)
	if err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v %v", entries, err)
	}
	if left, _ := os.ReadDir(o.Engine.TempDir); len(left) != 0 {
		t.Errorf("scratch left behind: %v", left)
	}
}

func TestOptionsAreRefused(t *testing.T) {
	valid := options(t, &region{})
	for name, change := range map[string]func(*Options){
		"term":        func(o *Options) { o.Study.Term = "../x" },
		"school year": func(o *Options) { o.Study.SchoolYear = "2025" },
		"window":      func(o *Options) { o.Study.End = o.Study.Start.AddDate(0, 0, -1) },
		"subject":     func(o *Options) { o.Study.Subject = "teacher" },
		"zone":        func(o *Options) { o.Zone = nil },
		"key":         func(o *Options) { o.Key = nil },
		"out":         func(o *Options) { o.Out = "" },
		"declared": func(o *Options) {
			o.Study.Declared = []edition.Declared{{Kind: "feast", Name: "x", Start: "2025-10-01"}}
		},
		"policy": func(o *Options) { o.Research = nil },
		"floor of cell": func(o *Options) {
			p := *o.Research
			c := *p.Cells
			c.ClusterPersons, c.Persons = 0, 0
			p.Cells = &c
			o.Research = &p
		},
		"staff floor": func(o *Options) {
			p := *o.Research
			c := *p.Cells
			c.StaffPersons = 0
			p.Cells = &c
			o.Research = &p
		},
		"feeds": func(o *Options) { o.Study.Feeds = nil },
	} {
		t.Run(name, func(t *testing.T) {
			o := valid
			change(&o)
			if _, err := Research(context.Background(), o); err == nil {
				t.Fatal("not refused")
			}
			if entries, err := os.ReadDir(valid.Out); err != nil && !errors.Is(err, fs.ErrNotExist) ||
				len(entries) != 0 {
				t.Errorf("left behind: %v %v", entries, err)
			}
		})
	}
}

// An edition of nobody says so instead of showing zeros.
func TestNobody(t *testing.T) {
	dir, err := Research(context.Background(), options(t, &region{}))
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if m.Population.Persons != 0 || len(m.Notes) == 0 {
		t.Errorf("population %+v, notes %q", m.Population, m.Notes)
	}
	sums, err := parquet.ReadFile[edition.SumRow](filepath.Join(dir, "sums.parquet"))
	if err != nil || len(sums) != 0 {
		t.Errorf("%d sums, %v", len(sums), err)
	}
}

// The register knows an edition by all that its noise follows from: under the entry of the first, another draw would
// leave that is not counted.
func TestMadeFromNamesTheDraw(t *testing.T) {
	o := options(t, draw(3, 3, 20))
	first := o.madeFrom()
	o.draw = "another"
	if o.madeFrom() == first {
		t.Error("another draw is the same edition")
	}
}
