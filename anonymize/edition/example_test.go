package edition_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/edition"
)

// An edition appears whole, and a reader checks it before use.
func Example() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	dir := filepath.Join(folder, "research-2025-T1")
	if err := makeEdition(dir); err != nil {
		fmt.Println(err)
		return
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Kind, m.Term, m.Verify(root))
	for _, f := range m.Files {
		fmt.Println(f.Name, f.Rows)
	}
	// Output:
	// research 2025-T1 <nil>
	// CODEBOOK.fr.md 0
	// datapackage.json 0
	// weeks.parquet 1
}

func makeEdition(dir string) error {
	w, err := edition.NewWriter(dir)
	if err != nil {
		return err
	}
	rows := []edition.WeekRow{{Level: "college", Cluster: 7, Schools: 3, WeekDay: 20_339, Profile: 3, Service: -1,
		Visits: 812, Persons: 240}}
	if err := edition.WriteTable(w, edition.TableWeeks, rows, nil); err != nil {
		return err
	}
	m := &edition.Manifest{Kind: edition.KindResearch, Study: "usages-familles", Term: "2025-T1", Subject: "parent"}
	if err := w.Describe(m); err != nil {
		return err
	}
	return w.Commit(m)
}
