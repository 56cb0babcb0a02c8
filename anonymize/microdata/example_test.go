package microdata_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/microdata"
)

// A table of pupils and results: no class of released rows is of fewer than two pupils.
func ExampleAnonymize() {
	dir, err := os.MkdirTemp("", "microdata")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			fmt.Println(err)
		}
		return path
	}
	report, err := microdata.Anonymize(context.Background(), microdata.Job{
		Input: write("in.csv", "pupil,age,result\np1,11,a\np2,12,b\np3,13,a\np4,14,b\n"),
		Policy: write("policy.toml", "person = \"pupil\"\nk = 2\n"+
			"[[quasi_identifier]]\nname = \"age\"\nhierarchy = { intervals = [2, 10], origin = 1 }\n"+
			"[[sensitive]]\nname = \"result\"\ndistinct_l = 2\n"),
		Out: filepath.Join(dir, "released"), Software: "example", Threads: 1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("k =", report.K, "in", report.Classes, "classes, level", report.Transformation["age"], "of age")
	// Output:
	// k = 2 in 2 classes, level 1 of age
}
