package audit

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/uniqueness"
)

// Alone says who is alone in the person table, by what somebody knows of them, and how
// many would be alone among all persons in scope.
type Alone struct {
	Rows    int64 `json:"rows"`
	Persons int64 `json:"persons"` // in scope, as attested
	// Member is the share of them who are in the table: whoever asks whether somebody is in
	// it learns no more than this where it is near 1.
	Member float64     `json:"member"`
	Known  []AloneLine `json:"known"`
	// Of somebody who knows all columns: SUDA's minimal sample uniques of at most Largest
	// columns, by their size, the rows that have one and the highest score.
	Largest int     `json:"largest"`
	BySize  []int   `json:"by_size"`
	Special int     `json:"special"`
	Highest float64 `json:"highest_score"`
}

// AloneLine is what is known of a person, and how many rows are alone with it. Estimates
// are shares of the persons in scope, nil where a model has no solution.
type AloneLine struct {
	Columns []string `json:"columns"`
	Alone   int64    `json:"alone"`
	Pitman  *float64 `json:"pitman"`
	Zayatz  *float64 `json:"zayatz"`
	SNB     *float64 `json:"snb"`
	Dankar  *float64 `json:"dankar"`
	Model   string   `json:"model"` // that the rule of Dankar et al. believes
}

// largestSpecial is the most columns of a combination that SUDA looks at.
const largestSpecial = 3

// personColumns are those of parents_rows.sql, the profile first.
var personColumns = strings.Fields("level grade_band sector ep ips_band cluster children devices activation " +
	"visits grade_visits evening accompanied")

// checkAlone counts who is alone, and repeats the attacks that twins stood. It is no claim:
// behaviours may have been exchanged among the rows of a class, so that a row that is alone
// need be nobody's.
func (a *auditor) checkAlone(ctx context.Context, p *Product) error {
	an := a.manifest.Anonymity
	if an == nil || an.Withheld != "" || !a.has(edition.TableParents) {
		return nil
	}
	p.Twins = an.Attacks
	var rows [][]string
	err := a.rows(ctx, "parents_rows", func(_ []int64, texts []string) {
		rows = append(rows, append([]string(nil), texts...))
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	out := &Alone{Rows: int64(len(rows)), Persons: max(a.manifest.Population.Persons, int64(len(rows)))}
	out.Member = round4(float64(out.Rows) / float64(out.Persons))
	known := [][]string{quasi}
	if an.KnownToSchool != nil {
		known = append(known, append(append([]string{}, quasi...), an.KnownToSchool.Columns...))
	}
	for _, names := range append(known, personColumns) {
		line, err := aloneWith(rows, names, out.Persons)
		if err != nil {
			return err
		}
		out.Known = append(out.Known, line)
	}
	s, err := uniqueness.Special(coded(rows), largestSpecial)
	if err != nil {
		return err
	}
	out.Largest, out.BySize, out.Special, out.Highest = s.Largest, s.BySize, s.Rows, s.Highest
	p.Alone = out
	return nil
}

// aloneWith counts the rows that are alone in some columns.
func aloneWith(rows [][]string, names []string, persons int64) (AloneLine, error) {
	classes := map[string]int{}
	for _, row := range rows {
		var key strings.Builder
		for i, name := range personColumns {
			if slices.Contains(names, name) {
				key.WriteString(strconv.Quote(row[i]))
			}
		}
		classes[key.String()]++
	}
	line := AloneLine{Columns: names}
	var sizes []int
	for _, n := range classes {
		sizes = append(sizes, n)
		if n == 1 {
			line.Alone++
		}
	}
	e, err := uniqueness.Population(sizes, float64(len(rows))/float64(persons))
	if err != nil {
		return line, err
	}
	some := func(x float64) *float64 {
		if math.IsNaN(x) {
			return nil
		}
		x = round4(x)
		return &x
	}
	line.Pitman, line.Zayatz, line.SNB, line.Dankar = some(e.Pitman), some(e.Zayatz), some(e.SNB), some(e.Dankar)
	line.Model = e.Model
	return line, nil
}

// coded numbers the values of each column.
func coded(rows [][]string) [][]int32 {
	out := make([][]int32, len(personColumns))
	for c := range out {
		codes := map[string]int32{}
		out[c] = make([]int32, len(rows))
		for i, row := range rows {
			code, ok := codes[row[c]]
			if !ok {
				code = int32(len(codes))
				codes[row[c]] = code
			}
			out[c][i] = code
		}
	}
	return out
}
