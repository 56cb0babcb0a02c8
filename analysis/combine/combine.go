package combine

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// Options are what a combination is made from. Everything must be set but Schools, Keys and Lang, Policy where
// nothing is to be shown, and Published and Release where nothing leaves.
type Options struct {
	// Editions are folders of research editions, one of each controller; Schools those of the schools
	// editions of the same runs, which tell what schools are in each.
	Editions, Schools []string
	// Published are the folders of what the controllers published of both, one of each: with them, with all schools
	// editions and with a register the figures may leave.
	Published []string
	// Register is that of the national releases; nil where nothing leaves.
	Register Register
	// Keys are the public keys of the controllers.
	Keys []ed25519.PublicKey
	// Study is what the combination is called.
	Study string
	// Dir is the folder to make; nothing may be there. Disk is where; the zero Disk is the machine's.
	Dir  string
	Disk durable.Disk
	// Policy protects the figures; nil makes none.
	Policy *disclosure.Policy
	// Lang is that of the pages: fr, also when empty, or en.
	Lang string
	// Software is what the pages say that made them.
	Software string
	Engine   engine.Config
	// Audit refuses an edition of which a claim does not hold, before a table of it is read.
	Audit func(ctx context.Context, dir string) error
}

// Release is a combination whose figures are about to leave.
type Release struct {
	Name, Study, Start, End string // ISO dates, both included
	// Made is a digest of all that its figures follow from: editions, publications, rules and software.
	Made string
	// Keys are the check values of the study keys of its editions, Schools the codes of all schools.
	Keys, Schools []string
}

// Register remembers what has left.
type Register interface {
	// Admit refuses what may not leave beside what has left.
	Admit(r Release) error
	// Book enters what is about to leave; what stands there is not entered again.
	Book(r Release) error
}

// Folders of a combination: the combined edition, the report of all figures, and how territories differ.
const (
	EditionDir     = "edition"
	ReportDir      = "report"
	TerritoriesDir = "territories"
)

// ErrUnsigned says that an edition is signed by none of the keys that were given.
var ErrUnsigned = errors.New("combine: signed by none of the given keys")

// Make makes the folder of a combination: it appears whole, or not at all. The parts come back in their
// order. An error wraps ErrUnlike, ErrOverlap, ErrUnsigned or publication.ErrNotLeft where what is given is refused.
func Make(ctx context.Context, o Options) (parts []*Part, err error) {
	if _, err := durable.Check(o.Dir, nil); err != nil {
		return nil, err
	}
	if parts, err = o.read(ctx, o.Editions); err != nil {
		return nil, err
	}
	schools, err := o.read(ctx, o.Schools)
	if err != nil {
		return nil, err
	}
	if err := Beside(parts, schools); err != nil {
		return nil, err
	}
	if err := Check(parts); err != nil {
		return nil, err
	}
	staged, err := o.Disk.NewStage(o.Dir, 0o700)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, staged.Abort()) }()
	parts = inOrder(parts)
	var leaves Release
	if o.Register != nil {
		if leaves, err = o.release(parts); err != nil {
			return nil, err
		}
		if err := o.Register.Admit(leaves); err != nil {
			return nil, err
		}
	}
	if err := Pool(o.Disk, filepath.Join(staged.Dir(), EditionDir), o.Study, parts, nil); err != nil {
		return nil, err
	}
	if o.Policy != nil {
		if err := o.show(ctx, staged.Dir(), parts); err != nil {
			return nil, err
		}
	}
	if o.Register != nil {
		if err := o.Register.Book(leaves); err != nil {
			return nil, err
		}
	}
	return parts, staged.Commit(nil)
}

// release lays beside the parts what was published of them, and says what is about to leave.
func (o *Options) release(parts []*Part) (r Release, err error) {
	if o.Policy == nil {
		return r, errors.New("combine: nothing leaves without a policy")
	}
	if err := Lay(parts, o.Published, *o.Policy); err != nil {
		return r, err
	}
	first := parts[0].Manifest
	r = Release{Name: o.Study + "-" + first.Term, Study: o.Study, Start: first.Start, End: first.End}
	rules, err := o.Policy.Text()
	if err != nil {
		return r, err
	}
	made := sha256.New()
	fmt.Fprintf(made, "%s\n%s\n", o.Software, rules)
	for _, p := range parts {
		fmt.Fprintf(made, "%s %s %s\n", p.Hash, p.SchoolsHash, p.Left.Hash)
		r.Keys, r.Schools = append(r.Keys, p.Manifest.KeyID), append(r.Schools, p.Schools...)
	}
	r.Made = hex.EncodeToString(made.Sum(nil))
	return r, nil
}

// show writes the report and the page of the territories beside the combined edition.
func (o *Options) show(ctx context.Context, dir string, parts []*Part) error {
	l, err := wording.Parse(o.Lang)
	if err != nil {
		return err
	}
	n, err := Compute(ctx, parts, *o.Policy, o.Engine)
	if err != nil {
		return err
	}
	m, err := edition.ReadDir(filepath.Join(dir, EditionDir))
	if err != nil {
		return err
	}
	facts := report.FactsOf(m)
	for i := range m.Combined {
		of := &m.Combined[i].Population
		of.Persons, of.Children, of.Families = atMost(of.Persons), atMost(of.Children), atMost(of.Families)
	}
	facts.CellPersons, facts.Software = o.Policy.Persons.Minimum, o.Software
	if o.Register == nil {
		facts.Unreleased = l.T(noticeFrench, noticeEnglish)
	}
	in := report.Input{Lang: o.Lang, Facts: facts, Comparisons: n.Comparisons}
	for _, f := range n.Figures {
		in.Results = append(in.Results, f.Result)
	}
	if err := report.WriteOn(o.Disk, filepath.Join(dir, ReportDir), in); err != nil {
		return err
	}
	doubts, english := Doubts(parts)
	if l == wording.EN {
		doubts = english
	}
	files, err := n.files(l, m, doubts, facts)
	if err != nil {
		return err
	}
	return o.Disk.WriteFolder(filepath.Join(dir, TerritoriesDir), files, 0o755)
}

// atMost rounds up to two digits: an edition counts its persons without noise.
func atMost(n int64) int64 {
	return int64(disclosure.RoundUp(float64(n), disclosure.Step(float64(n), 2)))
}

// read audits and opens editions.
func (o *Options) read(ctx context.Context, dirs []string) (parts []*Part, err error) {
	var faults []error
	for _, dir := range dirs {
		if err := o.Audit(ctx, dir); err != nil {
			faults = append(faults, err)
			continue
		}
		p, err := Read(dir, o.Keys)
		if err == nil && len(o.Keys) > 0 && p.Signer == nil {
			err = fmt.Errorf("%w: %s", ErrUnsigned, dir)
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		parts = append(parts, p)
	}
	return parts, errors.Join(faults...)
}
