package directory_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/tabular"
)

// A table of persons, with the guardians of a pupil: what it says, and what of it cannot be used.
func ExampleRead() {
	file := "id;profil;ecole;responsables\n" +
		"e1;eleve;0540001A;r1,r2\n" +
		"r1;parent;;\n" +
		"r2;parent;;\n" +
		"x;fantome;;\n"
	day := int32(time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	d, err := directory.Read(context.Background(), directory.Options{
		Persons: []directory.Table{{Files: []string{"persons.csv"}, Mapping: &tabular.Mapping{
			Columns: map[string]any{"person": "id", "profile": "profil", "school": "ecole"},
			Values:  map[string]map[string]string{"profile": {"eleve": "pupil", "parent": "parent"}},
		}}},
		Start: day, End: day + 69, Zone: time.UTC,
		Open: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(file)), nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(d.Persons), "persons,", len(d.Schools), "school")
	for _, f := range d.Files {
		fmt.Println(f.Name, f.Read(), "read,", f.Used, "used", f.Rejects)
	}
	// Output:
	// 3 persons, 1 school
	// persons.csv 5 read, 3 used map[value without a mapping:1]
}
