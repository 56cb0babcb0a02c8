package region

import "fmt"

// School is one school of the region as it is planned, before its people.
type School struct {
	Number  int // in the region
	stratum int
	Level   int
	Private bool
	EP      string
	IPS     int // tenths
	Band    int // 1 to 5
	System  int
	Zone    int
	effect  float64 // multiplies its parents' rates, mean 1
	parents int
	UAI     string
	Name    string
	// HelpWeek is the school week in which its parents are accompanied.
	HelpWeek int
	Rollout  int // day it opened, negative before the window
	// stopDay and gradeStopDay are days from which its feed, or its grades, are
	// lost; -1 never.
	stopDay, gradeStopDay int
	// alone: no family of it has a child in another school.
	alone   bool
	Classes []Class
	customs
}

// Class is one class with the instants at which grades were published to it.
type Class struct {
	Code      string
	Grade     string
	Published []int64
}

// customs are what a school has set and does, drawn apart from its parents: the
// behaviour of a term does not depend on them.
type customs struct {
	// DeferFrom is the day from which its grades are shown some days after the
	// copies were given back: negative since ever, NoDay never.
	DeferFrom int
	// Openness is to whom parents may write: 1 nobody, 2 the principal teacher,
	// 3 all teachers.
	Openness int
	// Products are the portals it has had, the last one still.
	Products []Product
	// App: a second instrument, the access log of the front that the mobile
	// application talks to, sees what is done on a phone.
	App bool
	// visio: it holds remote meetings with the region's video service.
	visio bool
	// Trained is the day of the first training session of its staff, NoDay none.
	Trained int
}

// Product is a portal that a school had for some time.
type Product struct {
	Name     string
	From, To int // days of the window; to is NoDay while in use
}

// Graded reports whether the school gives grades.
func (s *School) Graded() bool { return s.Level != Ecole }

// HasBook reports whether the portal of the school leads to the report book, and its publication
// is registered.
func (s *School) HasBook() bool { return s.Level != lycee && s.System != SystemPronote }

// uai writes a number with its check letter. Numbers from 9950000 on belong to
// no département: no real school can be named.
func uai(n int) string {
	return fmt.Sprintf("%07d%c", n, "ABCDEFGHJKLMNPRSTUVWXYZ"[n%23])
}

var schoolWords = []string{
	"des Tilleuls", "Rosa-Exemple", "du Lac", "de l'Étoile", "Jean-Modèle",
	"des Œillets", "Marie-Gabarit", "du Pré-aux-Ânes", "de la Forêt",
	"Noël-Prototype",
}

func schoolName(level, i int) string {
	kind := [3]string{"École fictive", "Collège fictif", "Lycée fictif"}[level]
	return fmt.Sprintf("%s %s %d", kind, schoolWords[i%len(schoolWords)], i+1)
}

func ipsBand(tenths int) int {
	switch {
	case tenths < 850:
		return 1
	case tenths < 950:
		return 2
	case tenths < 1050:
		return 3
	case tenths < 1150:
		return 4
	}
	return 5
}

func classCode(grade string, i int) string {
	letter := string(rune('A' + i%26))
	switch grade {
	case "6e", "5e", "4e", "3e":
		return grade[:1] + "E " + letter
	case "2de", "1re", "Tle":
		return grade + " " + letter
	}
	return grade + "-" + letter
}
