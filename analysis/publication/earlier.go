package publication

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/edition"
)

// Period is the study, and the days of it, that a publication is of.
type Period struct {
	Study     string `json:"study"`
	Term      string `json:"term"`
	Start     string `json:"start"` // ISO dates, both included
	End       string `json:"end"`
	Subject   string `json:"subject"`
	Synthetic bool   `json:"synthetic"`
}

// Earlier is a publication of an earlier period, as it left: nothing of it is computed again,
// so that beside a new one it tells no more than both tell apart.
type Earlier struct {
	Period Period
	// Hash is the SHA-256 of its manifest.
	Hash string
	// Made is what it was made from, as the register of releases knows it.
	Made   Made
	values report.Earlier
}

// Made is what a publication is made from: the names of its editions, in order, and how.
type Made struct {
	Editions               []string
	Config, Software, Lang string
}

// ErrEarlier says why a publication cannot stand beside another as that of an earlier period.
var ErrEarlier = errors.New("no earlier publication of the study")

// ReadEarlier reads the publication in dir: every file of it must be what its manifest lists.
func ReadEarlier(dir string) (e Earlier, err error) {
	fail := func(why string) (Earlier, error) {
		return e, fmt.Errorf("publication: %w: %s: %s", ErrEarlier, filepath.Base(dir), why)
	}
	if err := Is(dir); err != nil {
		return fail(err.Error())
	}
	text, err := edition.ReadPlain(dir, manifestFile)
	if err != nil {
		return e, fmt.Errorf("publication: %w", err)
	}
	var s stamp
	if err := json.Unmarshal(text, &s); err != nil || s.Period.Term == "" || s.Period.End == "" {
		return fail("its manifest names no period; hint: entscope run, with the version of today")
	}
	if have, err := hashTree(dir); err != nil || !maps.Equal(have, s.Files) {
		return fail("a file of it is not what its manifest lists; hint: entscope audit")
	}
	e = Earlier{Period: s.Period, Hash: digest(text), Made: s.made(), values: report.Earlier{Term: s.Period.Term,
		Start: s.Period.Start, End: s.Period.End, Schools: map[string][]indicator.Result{}}}
	if e.values.Results, err = readResults(dir, ResultsFile); err != nil {
		return fail(err.Error())
	}
	for name := range s.Files {
		if path.Dir(name) != "schools" || path.Ext(name) != ".json" {
			continue
		}
		uai := strings.TrimSuffix(path.Base(name), ".json")
		if e.values.Schools[uai], err = readResults(dir, name); err != nil {
			return fail(err.Error())
		}
	}
	return e, nil
}

// readResults reads the figures of results.json, or of the page of a school as data.
func readResults(dir, name string) ([]indicator.Result, error) {
	data, err := edition.ReadPlain(dir, filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	var said struct {
		Results []indicator.Result `json:"results"`
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return nil, fmt.Errorf("%s is no list of results", path.Base(name))
	}
	return said.Results, nil
}

// Remember sets what o shows of earlier periods: the publications in the folders dirs. Where o
// says already which (Announced), they must be those.
func (o *Options) Remember(dirs []string) error {
	said := o.hashes()
	o.Earlier = nil
	for _, dir := range dirs {
		e, err := ReadEarlier(dir)
		if err != nil {
			return err
		}
		o.Earlier = append(o.Earlier, e)
	}
	slices.SortFunc(o.Earlier, func(a, b Earlier) int {
		return cmp.Or(cmp.Compare(a.Period.Start, b.Period.Start), cmp.Compare(a.Hash, b.Hash))
	})
	if said != nil && !slices.Equal(said, o.hashes()) {
		return fmt.Errorf("publication: %w: it shows figures of others than those that are given", ErrEarlier)
	}
	return nil
}

func (o *Options) hashes() (out []string) {
	for _, e := range o.Earlier {
		out = append(out, e.Hash)
	}
	return out
}

// past gives what the pages show of earlier periods, the oldest first, and refuses what is of
// another study, of other people, or of days that the period p, or a later one, holds too.
func (o *Options) past(p Period) ([]report.Earlier, error) {
	var out []report.Earlier
	for i, e := range o.Earlier {
		was := e.Period
		next := p.Start
		if i+1 < len(o.Earlier) {
			next = o.Earlier[i+1].Period.Start
		}
		switch {
		case was.Study != p.Study || was.Subject != p.Subject:
			return nil, fmt.Errorf("publication: %w: that of %s is of the study %s on %ss", ErrEarlier, was.Term,
				was.Study, was.Subject)
		case was.Synthetic != p.Synthetic:
			return nil, fmt.Errorf("publication: %w: of that of %s and this one, one is synthetic", ErrEarlier,
				was.Term)
		case was.End >= next:
			return nil, fmt.Errorf("publication: %w: that of %s ends on %s, and a later period begins on %s",
				ErrEarlier,
				was.Term, was.End, next)
		}
		out = append(out, e.values)
	}
	return out, nil
}
