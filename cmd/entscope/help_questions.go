package main

import (
	"fmt"
	"io"

	"github.com/entscope/entscope/analysis/indicator"
)

// listQuestions writes the questions of the catalogue.
func listQuestions(w io.Writer) error {
	for _, id := range indicator.IDs() {
		question, err := indicator.Lookup(id)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "- `%s` %s\n", id, question.Question); err != nil {
			return err
		}
	}
	return nil
}
