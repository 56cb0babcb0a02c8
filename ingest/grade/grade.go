// Package grade reads the grade levels of pupils: of the labels and codes that directories and registers have for them,
// the one name under which each is kept ("6e", "2de", "CP").
package grade

import (
	"regexp"

	"github.com/entscope/entscope/ingest/tabular"
)

// Grade levels, from the youngest: nursery, elementary, collège, lycée.
var levels = []struct {
	level   string
	pattern *regexp.Regexp
}{
	// The patterns are matched against tabular.Fold: lower case, no accents,
	// no spaces. AAF writes "6EME", "3EME SEGPA", "2NDE GENERALE ET TECHNO",
	// "1ERE GENERALE", "TERMINALE STMG", "TLE PRO"; the first degree "CP", "CE1".
	{"TPS", regexp.MustCompile(`^(tps|toutepetitesection)`)},
	{"PS", regexp.MustCompile(`^(ps|petitesection)`)},
	{"MS", regexp.MustCompile(`^(ms|moyennesection)`)},
	{"GS", regexp.MustCompile(`^(gs|grandesection)`)},
	{"CP", regexp.MustCompile(`^(cp$|cp[^g]|courspreparatoire)`)},
	{"CE1", regexp.MustCompile(`^(ce1|courselementaire1)`)},
	{"CE2", regexp.MustCompile(`^(ce2|courselementaire2)`)},
	{"CM1", regexp.MustCompile(`^(cm1|coursmoyen1)`)},
	{"CM2", regexp.MustCompile(`^(cm2|coursmoyen2)`)},
	{"6e", regexp.MustCompile(`^(6|sixieme)`)},
	{"5e", regexp.MustCompile(`^(5|cinquieme)`)},
	{"4e", regexp.MustCompile(`^(4|quatrieme)`)},
	{"3e", regexp.MustCompile(`^(3|troisieme)`)},
	{"2de", regexp.MustCompile(`^(2de|2nd|2gt|2pro|seconde)`)},
	{"1re", regexp.MustCompile(`^(1er|1re|1g|1pro|1st|premiere)`)},
	{"Tle", regexp.MustCompile(`^(term|tle|tg|tpro|tst|t$)`)},
}

// Levels are the names of the grade levels, from the youngest.
func Levels() []string {
	names := make([]string, len(levels))
	for i, g := range levels {
		names[i] = g.level
	}
	return names
}

// Level reads a grade level from a label; "" when it is none of the above
// (CAP, BTS, MLDS …).
func Level(label string) string {
	folded := tabular.Fold(label)
	for _, g := range levels {
		if g.pattern.MatchString(folded) {
			return g.level
		}
	}
	return ""
}

// OfMEF reads a grade level from the first digits of an 11-digit code of the
// Base centrale des nomenclatures (MEF), for feeds without labels: 100 to 103
// are 6e to 3e of the collège, 164 to 167 the same in SEGPA, 200 to 202 2de to
// Tle of the general and technological lycée.
func OfMEF(mef string) string {
	if len(mef) < 3 {
		return ""
	}
	switch mef[:3] {
	case "100", "164":
		return "6e"
	case "101", "165":
		return "5e"
	case "102", "166":
		return "4e"
	case "103", "167":
		return "3e"
	case "200":
		return "2de"
	case "201":
		return "1re"
	case "202":
		return "Tle"
	}
	return ""
}
