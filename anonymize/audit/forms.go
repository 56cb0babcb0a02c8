package audit

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/entscope/entscope/anonymize/edition"
)

// What a manifest says is a number, a word of a list, or a text of one form: a digest, a day, a word as studies
// name things, the name of a release. A text of no form may say anything of anybody. The label of a declared event is
// the study's own sentence; it is printed on the pages.

var (
	keyText     = regexp.MustCompile(`^[0-9a-f]{16}$`) // the check value of a key; perturbation tables
	headText    = regexp.MustCompile(`^[0-9a-f]{32}$`) // the chain of a line of the register
	termText    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.[1-9][0-9]{0,5})?$`)
	revision    = regexp.MustCompile(`\.[1-9][0-9]{0,5}$`)
	softwareIs  = regexp.MustCompile(`^entscope [0-9A-Za-z][0-9A-Za-z.+-]{0,31}$`)
	questionIs  = regexp.MustCompile(`^[A-Z][0-9]{1,2}$`)
	editionKind = []string{edition.KindResearch, edition.KindSchools}
)

// longestLabel is how many characters the label of an event or a deadline has at most.
const longestLabel = 120

// soundForms reports whether each text of a manifest has its form.
func soundForms(m *edition.Manifest) bool {
	noise := m.Perturbation
	return feedName.MatchString(m.Study) && termText.MatchString(m.Term) &&
		slices.Contains([]string{"parent", "pupil"}, m.Subject) &&
		soundDay(m.Start) && soundDay(m.End) && m.Start <= m.End && softwareIs.MatchString(m.Software) &&
		sha256Text.MatchString(m.InputHash) && sha256Text.MatchString(m.ConfigHash) && keyText.MatchString(m.KeyID) &&
		soundBooking(m.Booking) && supersedes(m) && soundDeclared(m.Declared) &&
		(noise.Table == "" && noise.Variance == 0 || keyText.MatchString(noise.Table)) && soundSchools(m)
}

// soundDay reports whether a text is a day.
func soundDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil && isoDay.MatchString(text)
}

// soundBooking reports whether a place in the register is one: before its first line there is no head.
func soundBooking(b edition.Booking) bool {
	return b.Lines == 0 && b.Head == "" || b.Lines > 0 && headText.MatchString(b.Head)
}

// supersedes reports whether an edition supersedes another revision of its own name, or none.
func supersedes(m *edition.Manifest) bool {
	if m.Supersedes == "" {
		return true
	}
	name := func(term string) string { return m.Kind + "-" + revision.ReplaceAllString(term, "") }
	return editionName.MatchString(m.Supersedes) && m.Supersedes != m.Kind+"-"+m.Term &&
		revision.ReplaceAllString(m.Supersedes, "") == name(m.Term)
}

// soundSchools: each person in scope is of one school in the research edition, so that there are no more schools than
// persons, but for the noise of these.
func soundSchools(m *edition.Manifest) bool {
	most := m.Population.Persons + int64(m.Perturbation.Maximum)
	return m.Population.Schools >= 0 && (m.Kind != edition.KindResearch || m.Population.Schools <= most)
}

// soundDeclared reports whether events and deadlines have their kinds, words and days, and levels and grades of the
// lists.
func soundDeclared(declared []edition.Declared) bool {
	seen := map[string]bool{}
	in := func(grouping string, words []string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !edition.InGroup(grouping, w) })
	}
	for _, d := range declared {
		ofKind := d.Kind == edition.DeclaredEvent && len(d.Levels)+len(d.Grades) == 0 &&
			(d.End == "" || soundDay(d.End) && d.Start <= d.End) ||
			d.Kind == edition.DeclaredDeadline && d.End == "" && in("level", d.Levels) && in("grade", d.Grades)
		if !ofKind || !feedName.MatchString(d.Name) || seen[d.Kind+d.Name] || !soundDay(d.Start) || !soundLabel(d.Label) {
			return false
		}
		seen[d.Kind+d.Name] = true
	}
	return true
}

// soundLabel reports whether a label is one line, and looks like no identifier.
func soundLabel(label string) bool {
	if strings.TrimSpace(label) == "" || utf8.RuneCountInString(label) > longestLabel ||
		strings.ContainsFunc(label, unicode.IsControl) {
		return false
	}
	for _, f := range forbiddenValues {
		if f.what != "moment précis" && f.pattern.MatchString(label) {
			return false
		}
	}
	return true
}

// soundStamp reports whether each text of the manifest of a publication has its form. The plan is read as one.
func soundStamp(s stamp) bool {
	digest := func(text string) bool { return sha256Text.MatchString(text) }
	not := func(text string) bool { return !digest(text) }
	for name, hash := range s.Editions {
		kind, term, _ := strings.Cut(name, "-")
		if !slices.Contains(editionKind, kind) || !termText.MatchString(term) || not(hash) {
			return false
		}
	}
	for _, hash := range s.Files {
		if not(hash) {
			return false
		}
	}
	return softwareIs.MatchString(s.Software) && digest(s.Config) && digest(s.Legal) &&
		(s.National == "" || digest(s.National)) &&
		slices.Contains([]string{"fr", "en"}, s.Lang) && soundBooking(s.Booking) && !slices.ContainsFunc(s.Previous, not) &&
		!slices.ContainsFunc(s.Indicators, func(q string) bool { return !questionIs.MatchString(q) }) &&
		(s.Issued == "" || soundDay(s.Issued) && s.Issued >= s.Period.End)
}
