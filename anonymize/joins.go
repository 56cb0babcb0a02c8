package anonymize

import (
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/ingest/join"
)

// Joins are what was measured of the input's joins, with the least share that the study takes.
type Joins struct {
	Measured []join.Join
	Floor    float64
}

// released are the joins as an edition tells them: of each feed, for all its accounts and for each profile, and the
// poorest of the lists of accounts, of the links and of the registers.
func (j *Joins) released() []edition.Join {
	var feeds, others []edition.Join
	for i := range j.Measured {
		one := &j.Measured[i]
		from, name, _ := strings.Cut(one.From, " ")
		percent := edition.JoinPercent(one.Named, one.Known)
		switch {
		case from == "feed" && one.Unit == join.Accounts && one.By != join.BySchool:
			feeds = append(feeds,
				edition.Join{Input: edition.InputFeed, Feed: name, Profile: one.Value, Percent: percent})
		case from == "accounts" && one.Stated:
			others = poorest(others, edition.InputAccounts, percent)
		case from == "links":
			others = poorest(others, edition.InputLinks, percent)
		case from == "register" && one.Stated:
			others = poorest(others, edition.InputRegisters, percent)
		}
	}
	return append(feeds, others...)
}

// poorest keeps the smallest share of an input; one that is unknown says nothing.
func poorest(list []edition.Join, input string, percent int64) []edition.Join {
	for i := range list {
		if list[i].Input != input {
			continue
		}
		if known := list[i].Percent; known == edition.JoinUnknown || percent != edition.JoinUnknown && percent < known {
			list[i].Percent = percent
		}
		return list
	}
	return append(list, edition.Join{Input: input, Percent: percent})
}
