package audit

import (
	"reflect"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// TablePolicy is the policy that a table was made with, by the hash in its manifest.
type TablePolicy struct {
	// Promise is what the manifest has to say that it asks; Units beside the person, Columns that leave, and Notes
	// are the others.
	Promise               *edition.Anonymity
	Units, Columns, Notes []string
	// Stands reports whether the values of a quasi-identifier may all stand at a level of its hierarchy; known is false
	// where nothing tells.
	Stands func(name string, values []string, level int) (stands, known bool)
	// Population is that against which the policy asks something; nil where it names none.
	Population *TablePopulation
}

// names reports whether the policy itself names a value in its claim i.
func (p *TablePolicy) names(i int, value string) bool {
	if p == nil || i >= len(p.Promise.Sensitive) {
		return false
	}
	s := p.Promise.Sensitive[i]
	return value == s.Rare || slices.Contains(s.Order, value)
}

// checkPolicy holds what the manifest asks, and its names, to the policy. Without the policy they are what the table
// says of itself.
func (a *tableAudit) checkPolicy() {
	const title = "Les promesses, les colonnes, les unités et les remarques du manifeste sont celles de la politique."
	p, m := a.policy, a.manifest
	if p == nil {
		a.claim("policy", title, Attested, 0, true, "La table le dit d’elle-même ; la politique (--policy) le montre.")
		return
	}
	var columns, units []string
	for _, c := range a.columns {
		columns = append(columns, c.Name)
	}
	for _, name := range sortedKeys(m.Anonymity.UnitsK) {
		if name != "person" {
			units = append(units, name)
		}
	}
	slices.Sort(columns)
	asked := reflect.DeepEqual(promises(m.Anonymity, p.Promise), promises(p.Promise, p.Promise))
	sameColumns := slices.Equal(columns, p.Columns)
	sameUnits := slices.Equal(units, slices.Sorted(slices.Values(p.Units)))
	sameNotes := slices.Equal(m.Notes, p.Notes)
	a.claim("policy", title, Proved, int64(1+len(columns)+len(units)+len(m.Notes)),
		asked && sameColumns && sameUnits && sameNotes,
		outcome("Ce sont les siennes.", differs(asked, "d’autres promesses"), differs(sameColumns, "d’autres colonnes"),
			differs(sameUnits, "d’autres unités"), differs(sameNotes, "d’autres remarques")))
}

// promises are what is asked, with nothing achieved. An order that the policy leaves to the numbers of the table is left
// out.
func promises(an, policy *edition.Anonymity) *edition.Anonymity {
	out := &edition.Anonymity{K: an.K, SuppressionLimit: an.SuppressionLimit, KnownRows: an.KnownRows,
		WholeProfile: an.WholeProfile, QuasiIdentifiers: an.QuasiIdentifiers}
	for i, s := range an.Sensitive {
		s.Achieved, s.Tree = 0, nil
		if i < len(policy.Sensitive) && policy.Sensitive[i].Order == nil {
			s.Order = nil
		}
		out.Sensitive = append(out.Sensitive, s)
	}
	if an.Among != nil {
		out.Among = &edition.AmongClaim{KMap: an.Among.KMap, DeltaMin: an.Among.DeltaMin, DeltaMax: an.Among.DeltaMax}
	}
	return out
}

// checkLevels holds each quasi-identifier to the level that is announced, where its hierarchy is known.
func (a *tableAudit) checkLevels() {
	const title = "Chaque quasi-identifiant est au niveau de sa hiérarchie que le manifeste annonce."
	levels := a.manifest.Anonymity.Transformation
	if len(levels) == 0 {
		return
	}
	if a.policy == nil {
		a.claim("transformation", title, Unverifiable, 0, true,
			"Les hiérarchies ne sont pas là ; la politique qui les nomme (--policy) le permet.")
		return
	}
	var wrong, unknown []string
	for _, q := range a.manifest.Anonymity.QuasiIdentifiers {
		switch stands, known := a.policy.Stands(q, a.texts(q), levels[q]); {
		case !known:
			unknown = append(unknown, q)
		case !stands:
			wrong = append(wrong, q)
		}
	}
	if len(unknown) > 0 {
		a.claim("transformation", title, Unverifiable, 0, len(wrong) == 0, outcome("", named("à un autre niveau", wrong),
			named("hiérarchies faites de valeurs qui ne sont pas là", unknown)))
		return
	}
	a.claim("transformation", title, Proved, int64(len(levels)), len(wrong) == 0,
		outcome("Ils le sont.", named("à un autre niveau", wrong)))
}
