package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// source is where the rows of a formula come from: one of measure, curve and column is
// set.
type source struct {
	measure *edition.Measure
	curve   *edition.Curve
	column  string
}

// within are the groupings of which a school has several values. Their clusters are drawn
// anew for each value, so that an edition hides which of them are one school: an error
// that took them for independent would be too small.
var within = []string{"grade", "device", "month"}

// crossed are the factors that one grouping of cells carries together.
var crossed = []string{"level", "ips_band"}

// resolve finds what the response names: by its whole name ("L2.never") or by the part
// after the first dot ("never") where one alone has it.
func resolve(r Response) (source, error) {
	if slices.Contains(personColumns, r.Word) && (r.Operator != "" || !named(r.Word)) {
		if r.Operator == "" {
			return source{}, FormulaError{r.At, fmt.Sprintf(
				`%q is a column of the person table: say the value whose share is explained, as in "%s = VALUE"`,
				r.Word, r.Word)}
		}
		return source{column: r.Word}, nil
	}
	if r.Operator != "" {
		return source{}, FormulaError{r.At, "only a column of the person table is compared with a value, and " +
			vocabulary.Unknown(r.Word, personColumns).Error()}
	}
	var found []source
	known := slices.Contains(personColumns, r.Word)
	for i := range edition.Measures {
		if m := &edition.Measures[i]; m.Name == r.Word || short(m.Name) == r.Word {
			found = append(found, source{measure: m})
		}
	}
	for i := range edition.Curves {
		if c := &edition.Curves[i]; c.Name == r.Word || short(c.Name) == r.Word {
			found = append(found, source{curve: c})
		}
	}
	switch len(found) {
	case 0:
		return source{}, FormulaError{r.At, unknown(r.Word, Responses())}
	case 1:
		return found[0], nil
	}
	var names []string
	for _, s := range found {
		names = append(names, s.name())
	}
	hint := ""
	if known {
		hint = fmt.Sprintf(`, or "%s = VALUE" for the column of the person table`, r.Word)
	}
	return source{}, FormulaError{r.At, fmt.Sprintf("%q may be %s: write the whole name%s", r.Word,
		strings.Join(names, " or "), hint)}
}

// unknown says that a word is none of many, with the nearest of them.
func unknown(word string, allowed []string) string {
	if near := vocabulary.Nearest(word, allowed); near != "" {
		return fmt.Sprintf("%q is not known; did you mean %q?", word, near)
	}
	return fmt.Sprintf("%q is not known: entscope model --list names what there is", word)
}

func (s source) name() string {
	switch {
	case s.measure != nil:
		return s.measure.Name
	case s.curve != nil:
		return s.curve.Name
	}
	return s.column
}

func short(name string) string {
	_, rest, _ := strings.Cut(name, ".")
	return rest
}

// named reports whether a measure or a curve has the word for its name.
func named(word string) bool {
	return slices.ContainsFunc(edition.Measures, func(m edition.Measure) bool { return short(m.Name) == word }) ||
		slices.ContainsFunc(edition.Curves, func(c edition.Curve) bool { return short(c.Name) == word })
}

// Responses lists what may be explained: measures and curves by the shortest name that
// is theirs alone.
func Responses() []string {
	var whole []string
	for _, m := range edition.Measures {
		whole = append(whole, m.Name)
	}
	for _, c := range edition.Curves {
		whole = append(whole, c.Name)
	}
	count := map[string]int{}
	for _, name := range whole {
		count[short(name)]++
	}
	out := make([]string, len(whole))
	for i, name := range whole {
		if out[i] = name; count[short(name)] == 1 {
			out[i] = short(name)
		}
	}
	return out
}

// Columns lists the columns of the person table that a formula may name.
func Columns() []string { return slices.Clone(personColumns) }

// grouping is the one grouping of cells that carries all the factors.
func grouping(factors []Factor, carried []string) (string, error) {
	var words []string
	for _, f := range factors {
		if !slices.Contains(carried, f.Word) {
			return "", FormulaError{f.At, "of the groupings of the cells " +
				vocabulary.Unknown(f.Word, carried).Error()}
		}
		if slices.Contains(within, f.Word) {
			return "", FormulaError{f.At, fmt.Sprintf("a school has several values of %s, and the edition hides "+
				"which clusters are one school: no error is known; entscope analyze --by %s gives the figures",
				f.Word, f.Word)}
		}
		words = append(words, f.Word)
	}
	switch len(words) {
	case 0:
		return "all", nil
	case 1:
		return words[0], nil
	}
	for _, f := range factors {
		if !slices.Contains(crossed, f.Word) || !slices.Contains(carried, "stratum") {
			return "", FormulaError{f.At, fmt.Sprintf(
				"the cells cross %s alone, not %s: the person table crosses its columns, "+
					"as in \"visits = 0-never ~ %s\"",
				strings.Join(crossed, " and "), strings.Join(words, " and "), strings.Join(words, " + "))}
		}
	}
	return "stratum", nil
}
