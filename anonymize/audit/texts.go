package audit

import (
	"context"
	"slices"
	"strconv"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

const wordsTitle = "Les niveaux, groupes, profils, services et sources des tables sont des mots de leur liste, et aucune " +
	"mesure ni courbe ne sort par un regroupement qui n’est pas le sien."

// checkWords holds the columns of words to the lists that the house writes them from: what is none of these words may
// say anything of anybody. The name of a territory and that of a school are the study's.
func (a *auditor) checkWords(ctx context.Context) error {
	var wrong []string
	n := int64(0)
	for _, table := range a.ready {
		known := a.wordsOf(table)
		if known == nil {
			continue
		}
		err := a.rows(ctx, table+"_groups", func(ints []int64, texts []string) {
			n++
			if !known(ints, texts) {
				wrong = append(wrong, table)
			}
		})
		if err != nil {
			return err
		}
	}
	a.claim("texts.words", wordsTitle, Proved, n, len(wrong) == 0,
		outcome("Tous sont sur les listes.", named("tables en cause", unique(wrong))), num("cas différents", n))
	if !a.has(edition.TableSchoolMeasures) {
		return nil
	}
	var got []int64
	err := a.rows(ctx, "school_measures_names", func(ints []int64, _ []string) { got = ints })
	if err != nil {
		return err
	}
	a.claim("texts.names", "Chaque établissement a un seul nom, un seul niveau, une seule tranche d’IPS et un seul "+
		"statut d’éducation prioritaire.", Proved, got[0], got[1] == 0, faults(got[1]), num("établissements", got[0]))
	return nil
}

// wordsOf says of the distinct rows of a table's question whether their words are on the lists; nil where there is
// no such question.
func (a *auditor) wordsOf(table string) func(ints []int64, texts []string) bool {
	level := func(s string) bool { return s == "" || edition.InGroup("level", s) }
	service := func(n int64) bool { _, ok := vocabulary.Services().Entry(int(n)); return ok }
	switch table {
	case edition.TableSums:
		return func(_ []int64, texts []string) bool {
			m, ok := edition.FindMeasure(texts[0])
			return ok && a.grouped(m.By, texts[1], texts[2])
		}
	case edition.TableTimes:
		return func(ints []int64, texts []string) bool {
			c, ok := edition.FindCurve(texts[0])
			return ok && a.grouped(c.By, texts[1], texts[2]) && (c.Edges == nil || ints[0] < int64(len(c.Edges)))
		}
	case edition.TableWeeks:
		return func(ints []int64, texts []string) bool {
			profile, _ := vocabulary.Profiles().Entry(int(ints[0]))
			about, _ := vocabulary.Services().Entry(int(ints[1]))
			return level(texts[0]) && slices.Contains(edition.WeekProfiles, profile.Word) &&
				(ints[1] == -1 || slices.Contains(edition.WeekServices, about.Word))
		}
	case edition.TableCoverage:
		return func(ints []int64, texts []string) bool {
			return level(texts[1]) && service(ints[0]) && knownFeed(texts[0])
		}
	case edition.TableSchoolMeasures:
		return func(_ []int64, texts []string) bool {
			return level(texts[0]) && (texts[1] == "unknown" || edition.InGroup("ips_band", texts[1])) &&
				(texts[2] == "" || edition.InGroup("ep", texts[2]))
		}
	}
	return nil
}

// grouped reports whether a group is one of a grouping that a measure or curve is written for, nil being the common
// ones; a month is one of the window.
func (a *auditor) grouped(by []string, grouping, group string) bool {
	if by == nil {
		by = edition.Groupings
	}
	return slices.Contains(by, grouping) && edition.InGroup(grouping, group) &&
		(grouping != "month" || a.inWindow(group))
}

// inWindow reports whether a month, AAAA-MM, has a day of the window.
func (a *auditor) inWindow(month string) bool {
	first, last := a.manifest.Start, a.manifest.End
	return len(first) >= len(month) && len(last) >= len(month) && first[:len(month)] <= month &&
		month <= last[:len(month)]
}

// knownFeed reports whether a feed is a word, as studies name theirs, or what coverage counts schools of.
func knownFeed(feed string) bool {
	if feed == edition.FeedObserved || feed == edition.FeedDeclared {
		return true
	}
	for _, setting := range edition.Settings {
		if feed == edition.FeedSetting+setting {
			return true
		}
	}
	return feedName.MatchString(feed)
}

// checkSpelled: the identifier of a cluster is drawn, so that it is the number of no school of the study.
func (p *publication) checkSpelled() error {
	number := map[int64]bool{}
	for _, f := range p.editions {
		if f.manifest.Kind != edition.KindSchools {
			continue
		}
		err := eachRowOf(f.content[edition.TableSchoolMeasures+".parquet"], func(r edition.SchoolRow) {
			if uaiPattern.MatchString(r.UAI) {
				n, err := strconv.ParseInt(r.UAI[:7], 10, 64)
				number[n] = err == nil
			}
		})
		if err != nil {
			return err
		}
	}
	clusters, spelled := map[int64]bool{}, int64(0)
	see := func(cluster int32) {
		if n := int64(cluster); !clusters[n] {
			clusters[n] = true
			if number[n] {
				spelled++
			}
		}
	}
	for _, f := range p.editions {
		if f.manifest.Kind != edition.KindResearch {
			continue
		}
		for _, err := range []error{
			eachRowOf(f.content[edition.TableSums+".parquet"], func(r edition.SumRow) { see(r.Cluster) }),
			eachRowOf(f.content[edition.TableTimes+".parquet"], func(r edition.TimeRow) { see(r.Cluster) }),
			eachRowOf(f.content[edition.TableWeeks+".parquet"], func(r edition.WeekRow) { see(r.Cluster) }),
		} {
			if err != nil {
				return err
			}
		}
	}
	if len(number) == 0 { // one edition alone: there is nothing to compare
		clusters = nil
	}
	p.claim("spelled", "Aucun identifiant de grappe n’est le numéro d’un établissement.", int64(len(clusters)),
		spelled == 0, faults(spelled), num("grappes", int64(len(clusters))))
	return nil
}
