package main

import (
	"fmt"
	"io"

	"github.com/entscope/entscope/analysis/question"
)

// listQuestions writes the questions of the catalogue.
func listQuestions(w io.Writer) error {
	for _, q := range question.All() {
		if _, err := fmt.Fprintf(w, "- `%s` %s\n", q.ID, q.Question.FR); err != nil {
			return err
		}
	}
	return nil
}
