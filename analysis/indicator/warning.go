package indicator

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The codes of warnings.
const (
	CodeFewClusters   = "few_clusters"   // fewer than 10 clusters: no interval
	CodeFewSchools    = "few_schools"    // fewer than 12 schools: no interval
	CodeLargeClusters = "large_clusters" // few large clusters carry the figure
	CodeNoInterval    = "no_interval"    // the interval is not defined
	CodeBoundary      = "boundary"       // all clusters at 0 or at 1
	CodeFeedStopped   = "feed_stopped"
	CodeFeedDropped   = "feed_dropped"
	CodeFeedPartial   = "feed_partial"
	CodeFeedLate      = "feed_late"
	CodeBin           = "bin"          // a quantile known to a bin of the histogram
	CodePersonTable   = "person_table" // computed after suppression of rare profiles
	CodeMissingCells  = "missing_cells"
	CodeSelection     = "selection" // compares groups that were not drawn at random
	CodeEValue        = "e_value"   // what it takes to explain the interval away
	CodeMovedApart    = "moved_apart"
	CodeMovedAlike    = "moved_alike"
	CodeUntested      = "untested"
	CodeManifest      = "manifest"  // read in the manifest
	CodeWindow        = "window"    // how many weeks were looked at
	CodeNoise         = "noise"     // the noise of the cells is a good part of the doubt
	CodeMisfit        = "misfit"    // a fitted law is far from the counts
	CodeReference     = "reference" // what a ratio of a model is relative to

	CodeNoTable = "no_table"        // not measurable: the edition has no such table
	CodeNoFeed  = "no_feed"         // not measurable: the feed does not exist
	CodeNoRows  = "no_rows"         // not measurable: no cell above the edition's thresholds
	CodeTold    = "told_before"     // not measurable: an earlier edition tells it, see edition.Manifest.Unnamed
	CodeModel   = "no_fit"          // not measurable: a model has no solution on these data
	CodeZero    = "zero"            // not measurable: the denominator is 0
	CodeShort   = "short"           // not measurable: the period is too short
	CodeGeneral = "generalised"     // not measurable: the anonymiser merged the group
	CodeApart   = "apart"           // not measurable: a combination of editions has no rows of persons
	CodeRanked  = "ranked"          // not measurable: ranks among all persons do not add up over editions
	CodeUnlike  = "unlike"          // not measurable: its cells are of different parts of a combination
	CodeSparse  = "too_few_schools" // suppressed: a cross of few schools, or that would tell another
	CodeHidden  = "hidden"          // suppressed, for another reason than few persons
	CodeTooFew  = "too_few"         // suppressed: fewer persons than the floor
	CodeBelow   = "below"           // published as an upper bound
	CodeAbove   = "above"           // published as a lower bound
)

// told is the reason of CodeTold.
const told = "Non mesurable : une édition antérieure le dit déjà."

// Warning is a doubt that travels with a figure, or the reason why there is none: a
// stable code for programs, and a French sentence with its parameters for people. A
// page in another language words it by its code.
type Warning struct {
	Code   string
	French string // a format of Params
	Params []any
}

// warning builds a warning.
func warning(code, french string, params ...any) Warning { return Warning{code, french, params} }

// Sentence says the warning in French.
func (w Warning) Sentence() string { return fmt.Sprintf(w.French, w.Params...) }

// String is the warning as data files carry it: the sentence, then the code in
// brackets.
func (w Warning) String() string { return w.Sentence() + " [" + w.Code + "]" }

// MarshalText writes String.
func (w Warning) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (w *Warning) UnmarshalText(text []byte) error {
	s := string(text)
	at := strings.LastIndex(s, " [")
	if at < 0 || !strings.HasSuffix(s, "]") {
		return errors.New("indicator: a warning without a code")
	}
	*w = Warning{s[at+2 : len(s)-1], "%s", []any{s[:at]}}
	return nil
}

// windowSentence says how many school weeks were looked at.
const windowSentence = "Sur %d semaines de classe."

// WindowOf is how many school weeks were looked at, as the warnings of a figure say; false where it depends on none.
func WindowOf(warnings []Warning) (weeks int, ok bool) {
	for _, w := range warnings {
		if w.Code == CodeWindow {
			_, err := fmt.Sscanf(w.Sentence(), windowSentence, &weeks)
			return weeks, err == nil
		}
	}
	return 0, false
}

// Written writes warnings as one field of a CSV.
func Written(warnings []Warning) string {
	out := make([]string, len(warnings))
	for i, w := range warnings {
		out[i] = w.String()
	}
	return strings.Join(out, " ; ")
}

var frenchMonths = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin",
	"juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

// frenchDay writes a day counted from 1970-01-01.
func frenchDay(day int32) string {
	t := time.Unix(int64(day)*86400, 0).UTC()
	number := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		number = "1er"
	}
	return fmt.Sprintf("%s %s %d", number, frenchMonths[t.Month()-1], t.Year())
}

var levelNames = map[string]string{"ecole": "écoles", "college": "collèges", "lycee": "lycées"}
