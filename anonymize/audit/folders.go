package audit

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

// Inputs are what an audit is given: folders, and what the officer keeps apart.
type Inputs struct {
	Editions []string
	// Published is the publication made from them; empty is none.
	Published string
	// Again renders into dir what a publication must hold, from the same editions and by
	// what the publication says of itself. The caller hands it in: the audit draws nothing.
	// nil leaves the comparison out.
	Again func(ctx context.Context, published, dir string) error
	// Previous are folders of publications of earlier periods, of which the publication may
	// show figures.
	Previous []string
	// Beside are folders of other publications of the same editions that have left.
	Beside []string
	// Release is a folder of tables that left on a request beside the publication; "" of none.
	// TablesAgain makes into dir what it must hold but the signature, as Again does.
	Release     string
	TablesAgain func(ctx context.Context, release, dir string) error
	// Recipes say what the figures of a publication are made of; nil computes none again.
	Recipes []Recipe
	// Software is the version that Again renders with.
	Software string
	// Known is what an attacker knows from public counts; what he gains is no part of the
	// audit that a publication carries.
	Known []KnownWeek
	// PublicKey checks the signatures; nil leaves them unverified.
	PublicKey ed25519.PublicKey
	// Register is the register of releases, in which each must stand; nil leaves that out.
	Register []byte
	// Staged: the publication is being made, has no manifest yet, and Ledger is the legal
	// record that its audit will carry.
	Staged bool
	Ledger Ledger

	whole bool // both editions are there, and hold
}

// part is the audit of one folder: its claims, the verdict that follows from them, and
// the claims that cannot be made while the publication is staged.
type part struct {
	report *Report
	judge  func(r *Report)
	later  func(gate, r *Report)
}

// Folders audits editions and the publication made from them, from the files alone. An
// error means that one could not be audited at all; a claim that does not hold is in the
// report.
func Folders(ctx context.Context, in Inputs, config engine.Config) (*Report, error) {
	var parts []part
	var editions []*folder
	var faults []error
	var released *part
	sound := true
	for _, dir := range inOrder(in.Editions) {
		a, err := examineEdition(ctx, dir, config)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		editions = append(editions, a.folder)
		sound = sound && a.report.OK()
		parts = append(parts, part{a.report, a.criteria, func(_, r *Report) {
			a.checkSignature(r, in.PublicKey)
			checkRegister(r, a.manifest.Kind, a.manifest.Kind+"-"+a.manifest.Term, a.manifest.Booking, in.Register)
			a.checkBooked(r, in.Register)
			a.checkKnown(r, in.Known)
		}})
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	// What an edition at fault holds is not opened a second time.
	in.whole = sound && len(editions) == 2 && editions[0].manifest.Kind == edition.KindResearch &&
		editions[1].manifest.Kind == edition.KindSchools
	if in.Published != "" {
		p, err := examinePublication(ctx, in, editions, config.TempDir)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{p.report, p.criteria, func(gate, r *Report) { p.checkFinished(ctx, gate, r, in) }})
		if in.Release != "" {
			t, err := examineRelease(ctx, in, p, config.TempDir)
			if err != nil {
				return nil, err
			}
			released = &part{t.report, func(*Report) {}, func(_, r *Report) {
				checkSignature(r, tablesName, signature{t.manifest, t.signed}, in.PublicKey)
				checkRegister(r, tablesName, "tables-"+t.record.Request.Name, t.booking, in.Register)
			}}
		}
	}
	gate := whole(parts) // what left beside the publication is no part of the audit that it carries
	gate.Ledger = in.Ledger
	if in.Staged {
		return gate, nil
	}
	if released != nil {
		parts = append(parts, *released)
	}
	for _, p := range parts {
		p.later(gate, p.report)
	}
	final := whole(parts)
	final.Ledger = gate.Ledger
	return final, nil
}

// inOrder puts the research edition first: a report does not depend on the order of flags.
func inOrder(dirs []string) []string {
	return slices.SortedStableFunc(slices.Values(dirs), func(a, b string) int {
		return cmp.Compare(filepath.Base(a), filepath.Base(b))
	})
}

// whole puts the parts into one report, with the verdicts.
func whole(parts []part) *Report {
	out := newReport()
	for _, p := range parts {
		out.Synthetic = out.Synthetic || p.report.Synthetic
		out.Products = append(out.Products, p.report.Products...)
		out.Claims = append(out.Claims, p.report.Claims...)
		for _, point := range p.report.OpenPoints {
			out.open(point)
		}
		p.judge(out)
	}
	return out
}

// open adds a point, once.
func (r *Report) open(point string) {
	if !slices.Contains(r.OpenPoints, point) {
		r.OpenPoints = append(r.OpenPoints, point)
	}
}
