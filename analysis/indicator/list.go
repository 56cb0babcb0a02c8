package indicator

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
)

// WriteList writes what a researcher may ask of an edition: its groupings with their
// values, and of each question the groupings of its measures.
func WriteList(ctx context.Context, w io.Writer, ed *query.Edition) error {
	c, err := newComputation(ctx, ed)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("groupings of the edition\n")
	for _, grouping := range c.carried() {
		var values []string
		for _, g := range c.groups {
			if g.Grouping == grouping {
				values = append(values, g.Value)
			}
		}
		fmt.Fprintf(&b, "  %-12s %s\n", grouping, strings.Join(values, ", "))
	}
	b.WriteString("\nquestions, with the groupings of each measure\n")
	for _, ind := range question.All() {
		fmt.Fprintf(&b, "\n%s  %s\n", ind.ID, subjects.Replace(ind.Question.FR))
		for _, m := range ind.Measures {
			var by []string
			for _, g := range c.carried() {
				if m.Carries(g) {
					by = append(by, g)
				}
			}
			if slices.Equal(by, c.carried()) {
				by = []string{"all of them"}
			}
			if len(by) == 0 {
				by = []string{"the whole population alone"}
			}
			fmt.Fprintf(&b, "  %-24s %s\n", m.Name, strings.Join(by, ", "))
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}
