package report

import (
	"sort"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// group is a one-way group, or a cross of several; everybody is the zero group.
type group struct{ key, value string }

// groupOf is the group of a result.
func groupOf(r indicator.Result) group {
	keys := make([]string, 0, len(r.Group))
	for k := range r.Group {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	values := make([]string, len(keys))
	for i, k := range keys {
		values[i] = r.Group[k]
	}
	return group{strings.Join(keys, "×"), strings.Join(values, " × ")}
}

// refOf names the number of a result.
func refOf(r indicator.Result) question.Ref {
	return question.Ref{Question: r.Indicator, Measure: r.Measure, Population: r.Population}
}
