package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/kanon"
)

// Match refuses a policy whose words match nothing in the table: a rare value that
// nobody bears bounds nothing, and values of an order that nobody bears make every
// distance shorter. A sensitive attribute may say may_be_absent = true. A missing
// value of a sensitive attribute is refused unless it says missing = "category":
// counted as a value it would pass for diversity. Errors name columns, never a value
// of the table; errors.Is(err, ErrPolicy).
func (p *Policy) Match(t *kanon.Table) error {
	var faults []error
	for _, s := range p.Sensitive {
		column := t.Column(s.Name)
		if column == nil {
			continue // Bind says so
		}
		values, _ := column.Used()
		if !s.MayBeAbsent {
			faults = append(faults, s.absent(values, "the table")...)
		}
		if slices.ContainsFunc(values, missing) && s.Missing != MissingCategory {
			faults = append(faults, fmt.Errorf("%w: sensitive %q has rows without a value; "+
				"say missing = %q to count them as a value of its own", ErrPolicy, s.Name, MissingCategory))
		}
	}
	return errors.Join(faults...)
}

// missing reports whether a value is none: blank, or not a number.
func missing(value string) bool {
	return strings.TrimSpace(value) == "" || strings.EqualFold(value, "nan")
}

// errNoPopulation refuses a population beside the person table of an edition, which has none.
var errNoPopulation = fmt.Errorf("%w: [population] is for a table that is anonymised alone, by entscope table", ErrPolicy)

// MatchWords is Match where the values that a column may have are known, though
// nobody may bear some of them: the columns of the person table of an edition.
func (p *Policy) MatchWords(words func(column string) []string) error {
	var faults []error
	if p.Population != nil {
		faults = append(faults, errNoPopulation)
	}
	for _, s := range p.Sensitive {
		if known := words(s.Name); known != nil {
			faults = append(faults, s.absent(known, "the person table")...)
		}
	}
	return errors.Join(faults...)
}

// absent says which words of the policy are not among the values.
func (s *Sensitive) absent(values []string, of string) []error {
	var faults []error
	if s.Rare != "" && !slices.Contains(values, s.Rare) {
		faults = append(faults, fmt.Errorf("%w: sensitive %q: rare = %q is no value of %s: nothing would be bounded",
			ErrPolicy, s.Name, s.Rare, of))
	}
	for _, v := range s.Order {
		if !slices.Contains(values, v) {
			faults = append(faults, fmt.Errorf("%w: sensitive %q: order names %q, which is no value of %s: "+
				"every distance would be shorter", ErrPolicy, s.Name, v, of))
		}
	}
	return faults
}
