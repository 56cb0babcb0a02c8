package study_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// A study says all that does not fit at once, each with its line.
func ExampleRead() {
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "study.toml")
	if err := os.WriteFile(path, []byte("[study]\nnmae = \"ent\"\nsubject = \"teachers\"\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	_, err = study.Read(path)
	for line := range strings.Lines(err.Error()) {
		if strings.Contains(line, "did you mean") || strings.Contains(line, "is not one of") {
			fmt.Print(line)
		}
	}
	// Output:
	// study study.toml: line 2: study has no key "nmae"; did you mean "name"?
	// line 3: study.subject: "teachers" is not one of parent, pupil
}
