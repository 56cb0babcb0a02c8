package audit

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestAttacksAreNeverHeld: what the operator attests is never held; an upper end above the
// bound fails; a source that was not there is not verified, with the reason.
func TestAttacksAreNeverHeld(t *testing.T) {
	good := edition.AttackResult{Attack: "inference", Attacker: "school", Secret: "visits", Persons: 2000, Twins: 80,
		Targeted: 0.4, Baseline: 0.39, Risk: 0.02, Low: 0.01, High: 0.05, Bound: 0.05}
	with := func(change func(*edition.AttackResult)) []edition.AttackResult {
		r := good
		change(&r)
		return []edition.AttackResult{r}
	}
	for name, c := range map[string]struct {
		persons int64
		attacks []edition.AttackResult
		id      string
		want    Result
		says    string
	}{
		"below":        {2000, []edition.AttackResult{good}, "attacks", NotVerified, "2000 personnes"},
		"upper end":    {2000, with(func(r *edition.AttackResult) { r.High = 0.051 }), "attacks", Fails, "0.051"},
		"few attacked": {2000, with(func(r *edition.AttackResult) { r.Persons = 999 }), "attacks", Fails, "trop peu"},
		"no twin":      {2000, with(func(r *edition.AttackResult) { r.Twins = 0 }), "attacks", Fails, "impossibles"},
		"unknown source": {2000, with(func(r *edition.AttackResult) { r.Source = "moon" }), "attacks", Fails,
			"impossibles"},
		"schools alone": {2000, with(func(r *edition.AttackResult) { r.Source = "schools" }), "attacks", Fails,
			"manquent"},
		"too small":    {1007, nil, "attacks", NotVerified, "il en faut 1000"},
		"kept silent":  {1008, nil, "attacks", Fails, "Aucune attaque"},
		"no neighbour": {2000, []edition.AttackResult{good}, "attacks.release", NotVerified, "rien n’a été essayé"},
		"one year":     {2000, []edition.AttackResult{good}, "attacks.years", NotVerified, "une année scolaire"},
		"schools": {2000, append(with(func(r *edition.AttackResult) { r.Source, r.High = "schools", 0.3 }), good),
			"attacks.schools", Fails, "0.300"},
	} {
		m := &edition.Manifest{Kind: edition.KindResearch, Population: edition.Population{Persons: c.persons},
			Perturbation: edition.Perturbation{Maximum: 8}, Anonymity: &edition.Anonymity{Exchanged: true, Attacks: c.attacks}}
		a := &auditor{report: newReport(), folder: &folder{manifest: m}}
		a.attacks()
		found := false
		for _, claim := range a.report.Claims {
			if claim.Result == Holds {
				t.Errorf("%s: %s holds", name, claim.ID)
			}
			if claim.ID != "research."+c.id {
				continue
			}
			found = true
			if claim.Result != c.want || !strings.Contains(claim.Detail, c.says) {
				t.Errorf("%s: %s %q, want %s %q", name, claim.Result, claim.Detail, c.want, c.says)
			}
		}
		if !found {
			t.Errorf("%s: no claim %s", name, c.id)
		}
	}
}
