package report

import (
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/wording"
)

// spoken says that the page words this warning elsewhere: in the value itself,
// or in the sentence that counts what is not released.
func spoken(w indicator.Warning) bool {
	switch w.Code {
	case indicator.CodeBelow, indicator.CodeAbove,
		indicator.CodeHidden, indicator.CodeTooFew, indicator.CodeSparse, indicator.CodeWindow:
		return true
	}
	return false
}

// aboutFeeds says that a warning is about a source that stopped or came late: it
// touches every figure, and is said once at the top.
func aboutFeeds(w indicator.Warning) bool {
	return strings.HasPrefix(w.Code, "feed_")
}

// english are the warnings by code, for pages that are not in French.
var english = map[string]string{
	indicator.CodeFewClusters:   "Fewer than 10 clusters of schools: no interval.",
	indicator.CodeFewSchools:    "Fewer than 12 schools: no interval.",
	indicator.CodeLargeClusters: "A few large clusters carry the figure.",
	indicator.CodeNoInterval:    "The interval is not defined.",
	indicator.CodeBoundary:      "All clusters are at 0 or at 1.",
	indicator.CodeFeedStopped:   "A feed stopped.",
	indicator.CodeFeedDropped:   "A feed fell below half its level.",
	indicator.CodeFeedLate:      "A feed began late.",
	indicator.CodePersonTable:   "From the person table, after rare profiles were removed.",
	indicator.CodeMissingCells:  "Some weeks are below the floor of the edition, for one profile or the other: they are not counted.",
	indicator.CodeSelection:     "Compares groups that were not drawn at random.",
	indicator.CodeFeedPartial:   "A feed misses some schools.",
	indicator.CodeBin:           "Known to a bin of the histogram or of the life table.",
	indicator.CodeEValue: "See the lower end of the interval: " +
		"a weaker cause would do to bring it to “no effect”.",
	indicator.CodeMovedApart: "Before the accompaniment the two arms moved apart already: " +
		"this gap establishes no effect.",
	indicator.CodeMovedAlike: "Before the accompaniment nothing says that the two arms moved differently.",
	indicator.CodeUntested:   "Nothing says whether the two arms moved apart before: those weeks cannot be compared together.",
	indicator.CodeNoise:      "The noise that protects the people is a good part of the uncertainty.",
	indicator.CodeMisfit:     "The law does not fit: its ratios describe means, not the distribution of visits.",
	indicator.CodeManifest:   "Read in the manifest; the audit counts it again.",
	indicator.CodeReference: "Relative to the reference group: " +
		"the first level and the highest IPS band of the edition.",
	indicator.CodeNoFeed:  "The feed or register does not exist.",
	indicator.CodeNoRows:  "No data above the threshold of the edition for this group, or no feed.",
	indicator.CodeTold:    "An earlier edition tells it already.",
	indicator.CodeApart:   "The person tables of combined editions stay apart.",
	indicator.CodeRanked:  "The rank of a person among all does not add up from one edition to another.",
	indicator.CodeUnlike:  "What it is made of is not carried by the same territories.",
	indicator.CodeNoTable: "The edition has no such table.",
	indicator.CodeModel:   "The model has no solution on these data.",
	indicator.CodeZero:    "The denominator is 0.",
	indicator.CodeShort:   "The period is too short.",
	indicator.CodeSparse:  "Not released: too few schools, or a way to another figure that must stay secret.",
	indicator.CodeGeneral: "The anonymiser merged this group with others.",
	indicator.CodeTooFew:  "Not released: too few people.",
	indicator.CodeHidden: "Not released: it would give away another figure that must stay secret, " +
		"or rests too much on one school.",
	indicator.CodeWindow: "Over the school weeks that were looked at.",
	indicator.CodeBelow:  "Given as a maximum.",
	indicator.CodeAbove:  "Given as a minimum.",
}

// worded words one warning of a result, without its code.
func worded(l lang, w indicator.Warning) string {
	if text, ok := english[w.Code]; ok && l == en {
		return text
	}
	if l == en && aboutFeeds(w) {
		return "A feed is incomplete; its weeks without data are out of every figure."
	}
	return wording.Typeset(w.Sentence())
}

// sentences words the warnings that explain a missing figure; the words « non
// mesurable » are said by the page already.
func sentences(warnings []indicator.Warning) string {
	var out []string
	for _, w := range warnings {
		s := strings.TrimSuffix(w.Sentence(), ".")
		for _, said := range []string{"Non mesurable : ", "Non mesurable\u00a0: ", "non mesurable : "} {
			s = strings.TrimPrefix(s, said)
		}
		out = append(out, wording.Typeset(s))
	}
	return strings.Join(out, " ; ")
}

// feedNotes are the warnings about sources, once each.
func (d *drawer) feedNotes() []string {
	var out []string
	for _, r := range d.results {
		for _, w := range r.Warnings {
			text := worded(d.lang, w)
			if aboutFeeds(w) && r.Status == indicator.Published && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	slices.Sort(out)
	return out
}
