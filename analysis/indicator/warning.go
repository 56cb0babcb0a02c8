package indicator

import (
	"fmt"
	"strings"
	"time"
)

// A warning is a French sentence for people followed by its stable code in
// brackets: "… sans intervalle. [few_clusters]". Code and Sentence take it apart.
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
	CodeManifest      = "manifest"  // read in the manifest
	CodeReference     = "reference" // what a ratio of a model is relative to

	CodeNoTable    = "no_table"    // not measurable: the edition has no such table
	CodeNoFeed     = "no_feed"     // not measurable: the feed does not exist
	CodeNoRows     = "no_rows"     // not measurable: no cell above the edition's thresholds
	CodeModel      = "no_fit"      // not measurable: a model has no solution on these data
	CodeZero       = "zero"        // not measurable: the denominator is 0
	CodeShort      = "short"       // not measurable: the period is too short
	CodeGeneral    = "generalised" // not measurable: the anonymiser merged the group
	CodePrimary    = "too_few"     // suppressed
	CodeDominance  = "dominance"   // suppressed
	CodeSecondary  = "secondary"   // suppressed to protect another figure
	CodeBelow      = "below"       // published as an upper bound
	CodeAbove      = "above"       // published as a lower bound
	CodeDifference = "difference"  // suppressed: too near to an earlier release
)

// warning builds a warning.
func warning(code, format string, args ...any) string {
	return fmt.Sprintf(format, args...) + " [" + code + "]"
}

// Code returns the stable code of a warning, "" when it has none.
func Code(w string) string {
	_, code := splitWarning(w)
	return code
}

// Sentence returns a warning without its code.
func Sentence(w string) string {
	text, _ := splitWarning(w)
	return text
}

func splitWarning(w string) (text, code string) {
	at := strings.LastIndex(w, " [")
	if at < 0 || !strings.HasSuffix(w, "]") {
		return w, ""
	}
	return w[:at], w[at+2 : len(w)-1]
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
