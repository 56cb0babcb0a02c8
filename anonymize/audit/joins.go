package audit

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// checkJoins: the shares of accounts, links and rows that the directory knows are there, for each feed of the edition;
// they say no more than they may, and none is below the least share that the study takes. What they were counted from
// is on the other side of the wall.
func (a *auditor) checkJoins(ctx context.Context, _ *Product) error {
	m := a.manifest
	var feeds []string
	if a.has(edition.TableCoverage) {
		err := a.rows(ctx, "coverage_feeds", func(_ []int64, texts []string) { feeds = append(feeds, texts[0]) })
		if err != nil {
			return err
		}
	}
	var faulty, poor, missing []string
	var numbers []Number
	told := map[string]bool{}
	for i, j := range m.Joins {
		name := joinName(j)
		if !knownJoin(j) || slices.Contains(m.Joins[:i], j) {
			faulty = append(faulty, fmt.Sprintf("rapprochement %d", i+1)) // its words are not repeated
			continue
		}
		told[j.Feed] = told[j.Feed] || j.Profile == ""
		judged := j.Profile == m.Subject || j.Input != edition.InputFeed
		if judged && j.Percent != edition.JoinUnknown && j.Percent < m.JoinFloor/edition.JoinStep*edition.JoinStep {
			poor = append(poor, name)
		}
		if j.Percent != edition.JoinUnknown {
			numbers = append(numbers, num(name+", au moins %", j.Percent))
		}
	}
	for _, feed := range feeds {
		if !told[feed] {
			missing = append(missing, feed)
		}
	}
	ok := len(faulty)+len(poor)+len(missing) == 0
	fine := fmt.Sprintf("Minimum : %d %%. Les parts sont arrondies vers le bas à %d %%.", m.JoinFloor, edition.JoinStep)
	a.claim("joins",
		"Pour chaque source, le rapprochement avec l’annuaire est mesuré, et il atteint le minimum de l’étude.",
		Attested, int64(len(m.Joins)), ok, outcome(fine, named("sous le minimum", poor),
			named("sources sans mesure", missing), named("mal formés", faulty)), numbers...)
	return nil
}

// feedName is a word, as a study names its feeds.
var feedName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// knownJoin reports whether a join holds nothing but the words and numbers it may.
func knownJoin(j edition.Join) bool {
	percent := j.Percent == edition.JoinUnknown || j.Percent >= 0 && j.Percent <= 100 && j.Percent%edition.JoinStep == 0
	if j.Input == edition.InputFeed {
		return percent && feedName.MatchString(j.Feed) &&
			(j.Profile == "" || slices.Contains(vocabulary.Profiles().Words(), j.Profile))
	}
	return percent && j.Feed == "" && j.Profile == "" &&
		slices.Contains([]string{edition.InputAccounts, edition.InputLinks, edition.InputRegisters}, j.Input)
}

func joinName(j edition.Join) string {
	return strings.TrimSpace(strings.Join([]string{j.Input, j.Feed, j.Profile}, " "))
}

// joinsAgree: two editions of one input tell the same joins.
func (p *publication) joinsAgree() {
	ok, tried := true, int64(0)
	for i, f := range p.editions {
		for _, g := range p.editions[:i] {
			if f.manifest.InputHash == g.manifest.InputHash {
				tried++
				ok = ok && slices.Equal(f.manifest.Joins, g.manifest.Joins) &&
					f.manifest.JoinFloor == g.manifest.JoinFloor
			}
		}
	}
	p.claim("joins", "Les éditions d’une même entrée disent les mêmes rapprochements.", tried, ok,
		outcome("Elles concordent.", differs(ok, "elles ne disent pas les mêmes")))
}
