package combine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// What is refused: ErrUnlike, editions that do not answer the same questions of the same days under
// the same rules; ErrOverlap, editions that may count the same persons, or of which there are too few.
var (
	ErrUnlike  = errors.New("combine: editions of different studies")
	ErrOverlap = errors.New("combine: editions that are not of disjoint territories")
)

// alike are the facts of a manifest that all editions of a combination have in common. The
// approved list of measures is that of the software.
var alike = []struct {
	what string
	of   func(m *edition.Manifest) any
}{
	{"software", func(m *edition.Manifest) any { return m.Software }},
	{"term", func(m *edition.Manifest) any { return m.Term }},
	{"window", func(m *edition.Manifest) any { return [2]string{m.Start, m.End} }},
	{"subject", func(m *edition.Manifest) any { return m.Subject }},
	{"synthetic", func(m *edition.Manifest) any { return m.Synthetic }},
	{"thresholds", func(m *edition.Manifest) any { return m.Thresholds }},
	{"noise", func(m *edition.Manifest) any { return m.Perturbation }},
	{"policy of the person table", func(m *edition.Manifest) any { return promised(m.Anonymity) }},
	{"events and deadlines", func(m *edition.Manifest) any { return fmt.Sprintf("%+v", m.Declared) }},
	{"analysis plan", func(m *edition.Manifest) any {
		if m.Plan == nil {
			return ""
		}
		return m.Plan.SHA256
	}},
}

// promised is what a person table promises whatever the persons are: of what is left out of rows by an
// attack on them the bounds go too.
func promised(a *edition.Anonymity) string {
	if a == nil {
		return ""
	}
	return fmt.Sprint(a.K, a.SuppressionLimit, a.KnownRows, a.WholeProfile)
}

// Check refuses parts that are no combination, all faults at once: each wraps ErrUnlike or
// ErrOverlap.
func Check(parts []*Part) error {
	var faults []error
	fault := func(of error, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{of}, args...)...))
	}
	for _, p := range parts {
		switch m := p.Manifest; {
		case m.Kind != edition.KindResearch:
			fault(ErrUnlike, "%s is a %s edition, not a research edition", p.Dir, m.Kind)
		case len(m.Combined) > 0:
			fault(ErrOverlap, "%s is a combination already; hint: combine the editions that it is made of", p.Dir)
		}
	}
	if len(parts) < 2 {
		fault(ErrOverlap, "one edition is no combination")
	}
	for i, p := range parts {
		for _, q := range parts[:i] {
			if reason := same(p, q); reason != "" {
				fault(ErrOverlap, "%s and %s are %s", q.Dir, p.Dir, reason)
				continue
			}
			if common := inBoth(p.Schools, q.Schools); len(common) > 0 {
				fault(ErrOverlap, "%s and %s have %d schools in common", q.Dir, p.Dir, len(common))
			}
		}
		for _, a := range alike {
			if i > 0 && a.of(p.Manifest) != a.of(parts[0].Manifest) {
				fault(ErrUnlike, "%s and %s have not the same %s", parts[0].Dir, p.Dir, a.what)
			}
		}
	}
	return errors.Join(faults...)
}

// same says in which respect two parts are one study; "" in none.
func same(p, q *Part) string {
	switch {
	case p.Hash == q.Hash:
		return "one edition"
	case p.Manifest.KeyID == q.Manifest.KeyID:
		return "of one study key"
	case p.Signer != nil && p.Signer.Equal(q.Signer):
		return "signed by one controller, whose register of releases has to compare them"
	case p.Manifest.InputHash == q.Manifest.InputHash:
		return "made from the same logs"
	}
	return ""
}

// inBoth are the texts that stand in both lists.
func inBoth(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

// Doubts are what is attested by nobody, in French: that signatures are those of the controllers,
// and that no school is in two studies. English is the same for a reader of that language.
func Doubts(parts []*Part) (french, english []string) {
	called := names(parts)
	var unsigned, unknown, shared []string
	for i, p := range parts {
		if p.Signer == nil {
			unsigned = append(unsigned, called[i])
		}
		if p.Schools == nil {
			unknown = append(unknown, called[i])
		}
		for j, q := range parts[:i] {
			if common := inBoth(p.Places, q.Places); len(common) > 0 && (p.Schools == nil || q.Schools == nil) {
				shared = append(shared, fmt.Sprintf("%s, %s (%s)", called[j], called[i], strings.Join(common, ", ")))
			}
		}
	}
	say := func(list []string, fr, en string) {
		if len(list) > 0 {
			french = append(french, fmt.Sprintf(fr, strings.Join(list, " ; ")))
			english = append(english, fmt.Sprintf(en, strings.Join(list, "; ")))
		}
	}
	say(unsigned, "Signature non vérifiée, faute de la clé publique du responsable de traitement : %s.",
		"Signature not verified, for want of the public key of the controller: %s.")
	say(unknown, "Qu’aucun établissement ne soit dans deux études n’est attesté que par leurs responsables, faute de "+
		"l’édition des établissements : %s.", "That no school is in two studies is the word of their controllers alone, "+
		"for want of the schools edition: %s.")
	say(shared, "Des études parlent d’établissements d’une même académie : %s.",
		"Studies speak of schools of one académie: %s.")
	return french, english
}
