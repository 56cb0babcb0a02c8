package directory

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"
)

// TestObjectionsAreNoLoss: whoever objects, parent or child, leaves the rows and the links that name them as
// delivered as before: no size and no declared number of records shrinks. Nobody says of which profile they are.
func TestObjectionsAreNoLoss(t *testing.T) {
	const pupils = 200
	people, register := "id;profile;school;child\n", "who;on;how\n"
	for i := range pupils {
		people += fmt.Sprintf("p%d;parent;;c%d\nc%d;pupil;9990001X;\n", i, i, i)
		register += fmt.Sprintf("p%d;2025-09-10;1\n", i)
	}
	whole := sizesWith(t, people, register, nil)
	if whole.Sizes["accompaniment"] != pupils || whole.Sizes["links"] != pupils || len(whole.Links) != pupils {
		t.Fatalf("read: %v", whole.Sizes)
	}
	for _, objectors := range []int{3, 60, pupils} {
		for _, prefix := range []string{"p", "c"} {
			var who []string
			for i := range objectors {
				who = append(who, fmt.Sprintf("%s%d", prefix, i))
			}
			d := sizesWith(t, people, register, who)
			if kept := len(d.Links); kept != pupils-objectors {
				t.Fatalf("%d of %s object: %d links kept", objectors, prefix, kept)
			}
			delete(d.Sizes, "objections")
			if !reflect.DeepEqual(d.Sizes, whole.Sizes) {
				t.Errorf("%d of %s object: %v, want %v", objectors, prefix, d.Sizes, whole.Sizes)
			}
			for _, declared := range d.Declared {
				if declared.Records != declared.Expected {
					t.Errorf("%d of %s object: %s has %d records of %d", objectors, prefix, declared.Table,
						declared.Records, declared.Expected)
				}
			}
		}
	}
	rows := strings.Split(register, "\n")
	if d := sizesWith(t, people, strings.Join(rows[:100], "\n"), []string{"p0"}); d.Sizes["accompaniment"] != 99 {
		t.Errorf("rows that are gone are not seen: %v", d.Sizes)
	}
}

// sizesWith reads persons and the register of accompaniment; who objects.
func sizesWith(t *testing.T, people, accompaniment string, who []string) *Directory {
	t.Helper()
	files := map[string]string{"people": people, "register": accompaniment,
		"objections": "id\n" + strings.Join(who, "\n") + "\n"}
	o := Options{Zone: time.UTC, Start: day(2025, 9, 8), End: day(2025, 12, 14),
		Open: func(name string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(files[name])), nil },
		Persons: []Table{{Files: []string{"people"}, Mapping: &tabular.Mapping{Delimiter: ";", Columns: map[string]any{
			"person": "id", "profile": "profile", "school": "school", "child": "child"}}}},
	}
	if who != nil {
		o.Objections = []Table{{Files: []string{"objections"}, Mapping: &tabular.Mapping{
			Columns: map[string]any{"person": "id"}}}}
	}
	of := slices.IndexFunc(register.All(), func(r *register.Register) bool { return r.Name == "accompaniment" })
	tables := []register.Table{{Register: register.All()[of], Files: []string{"register"}, Expected: int64(
		strings.Count(strings.TrimSpace(accompaniment), "\n")), Mapping: &tabular.Mapping{Delimiter: ";",
		Columns: map[string]any{"person": "who", "date": "on", "form": "how"}, Date: "2006-01-02"}}}
	o.Registers = func(ctx context.Context, l *Lookup) error { return register.Read(ctx, tables, l, nil) }
	d, err := Read(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
