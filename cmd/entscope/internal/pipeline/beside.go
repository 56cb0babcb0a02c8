package pipeline

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/release"
)

// earlier is what the publications decided that have left beside one: of the same days and
// schools, of whichever study of the master key.
type earlier struct {
	// beside is what those under the same rules decided.
	beside indicator.Earlier
	// names are those under the same rules, others those that left under other rules.
	names, others []string
}

// earlierPublications are those beside which c is to leave.
func earlierPublications(
	releases *release.Register, c release.Candidate, rules disclosure.Policy,
) (e earlier, err error) {
	mine, err := hashOfRules(rules)
	if err != nil {
		return e, err
	}
	published, err := releases.Publications(c)
	if err != nil {
		return e, err
	}
	for _, p := range published {
		if len(p.Cells) < len(mine) {
			return e, fmt.Errorf("publication %s: %w", p.Name, release.ErrDamaged)
		}
		var s indicator.Standing
		if err := s.UnmarshalBinary(p.Cells[len(mine):]); err != nil {
			return e, fmt.Errorf("publication %s: %w: %w", p.Name, err, release.ErrDamaged)
		}
		if bytes.Equal(p.Cells[:len(mine)], mine) {
			e.beside.Add(s, p.Nearly)
			e.names = append(e.names, p.Name)
		} else {
			e.others = append(e.others, p.Name)
		}
	}
	return e, nil
}

// allow refuses a publication of days and schools of which one has left under other rules: two roundings of one
// number tell more than either, and what one rule hides another tells.
func (e earlier) allow() error {
	if len(e.others) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s has left of some of these days under another publication policy; ways on: put that policy "+
		"back, begin another period, or take every copy of it back and say so (entscope releases recall)", ErrRefused,
		e.others[0])
}

// refuse is the refusal of a publication that hides what those beside it have told; any other error stays itself.
func (e earlier) refuse(err error) error {
	var told *indicator.Told
	if !errors.As(err, &told) {
		return err
	}
	return fmt.Errorf("%w: a figure of %s (%s) must stay hidden and follows from what has left of these days (%s); ways "+
		"on: take every copy of that publication back and say so (entscope releases recall), or leave the questions made "+
		"of it out ([indicators] compute), where it is of no school's page", ErrRefused, told.Source, told.Population,
		strings.Join(e.names, ", "))
}

// cellsOf is what the register keeps of a publication: its rules, and what they decided.
func cellsOf(rules disclosure.Policy, decided indicator.Standing) ([]byte, error) {
	hash, err := hashOfRules(rules)
	if err != nil {
		return nil, err
	}
	cells, err := decided.MarshalBinary()
	return append(hash, cells...), err
}

func hashOfRules(rules disclosure.Policy) ([]byte, error) {
	text, err := rules.Text()
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
