package pages

import (
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// book finds results by what they are of.
type book struct {
	lang    wording.Lang
	results map[string]indicator.Result
}

func newBook(l wording.Lang, results []indicator.Result) book {
	b := book{l, make(map[string]indicator.Result, len(results))}
	for _, r := range results {
		b.results[key(r.Indicator, r.Measure, r.Population, r.Group)] = r
	}
	return b
}

func key(id, measure, population string, group map[string]string) string {
	parts := []string{id, measure, population}
	for _, k := range slices.Sorted(maps.Keys(group)) {
		parts = append(parts, k, group[k])
	}
	return strings.Join(parts, "\x00")
}

// number is one result as a page shows it.
type number struct {
	indicator.Result
	found bool
}

// find looks a result up; keys are names and values of its group by turns.
func (b book) find(id, measure, population string, keys ...string) number {
	group := map[string]string{}
	for i := 0; i < len(keys); i += 2 {
		group[keys[i]] = keys[i+1]
	}
	r, ok := b.results[key(id, measure, population, group)]
	return number{r, ok}
}

// parents is find for a result of parents.
func (b book) parents(id, measure string, keys ...string) number {
	return b.find(id, measure, "parents", keys...)
}

// known reports whether there is a number to show.
func (n number) known() bool { return n.found && n.Estimate != nil }

// value is the number; it may be asked for only when it is known.
func (n number) value() float64 { return *n.Estimate }

// format writes a number of one kind.
type format func(l wording.Lang, x float64) string

func counted(l wording.Lang, x float64) string { return l.Count(int64(x)) }

func two(l wording.Lang, x float64) string { return l.Number(x, 2) }

func three(l wording.Lang, x float64) string { return l.Number(x, 3) }

func rate(l wording.Lang, x float64) string {
	if x >= 100 {
		return l.Number(x, 0)
	}
	return l.Number(x, 1)
}

func percent(l wording.Lang, x float64) string {
	if l == wording.EN {
		return l.Number(100*x, 1) + "%"
	}
	return l.Number(100*x, 1) + wording.NBSP + "%"
}

func times(l wording.Lang, x float64) string { return "×" + wording.NBSP + l.Number(x, 2) }

// write is the number with its interval, or why there is none.
func (b book) write(n number, as format) string {
	if !n.known() {
		return b.why(n)
	}
	text := as(b.lang, n.value())
	if interval := b.interval(n, as); interval != "" {
		text += " " + interval
	}
	return text
}

// interval is [low ; high], empty without one.
func (b book) interval(n number, as format) string {
	if n.Low == nil {
		return ""
	}
	bare := func(x float64) string {
		return strings.TrimSuffix(strings.TrimPrefix(as(b.lang, x), "×"+wording.NBSP), wording.NBSP+"%")
	}
	return "[" + bare(*n.Low) + b.lang.T(" ; ", "; ") + bare(*n.High) + "]"
}

// why says what keeps a number from being measured.
func (b book) why(n number) string {
	if len(n.Warnings) == 0 {
		return b.lang.T("non mesurable", "not measurable")
	}
	return b.warn(n.Warnings[0])
}

// short is the number alone, or « non mesurable ».
func (b book) short(n number, as format) string {
	if !n.known() {
		return b.lang.T("non mesurable", "not measurable")
	}
	return as(b.lang, n.value())
}

func (b book) warn(w indicator.Warning) string {
	if b.lang == wording.EN {
		return national.English(w)
	}
	return wording.Typeset(w.Sentence())
}

// notes are the warnings of results, each once. Those that count schools differ from
// group to group: when they do, one sentence without a count stands for all of them.
func (b book) notes(results []indicator.Result) []string {
	var out []string
	at := map[string]int{} // of the sentence of a code that counts
	for _, r := range results {
		for _, w := range r.Warnings {
			text := b.lang.Sentence(b.warn(w))
			if slices.Contains(out, text) {
				continue
			}
			general, counts := b.general(w.Code)
			place, said := at[w.Code]
			switch {
			case counts && said:
				out[place] = general
			default:
				at[w.Code] = len(out)
				out = append(out, text)
			}
		}
	}
	return out
}

// general says a warning that counts schools, without its count.
func (b book) general(code string) (string, bool) {
	switch code {
	case national.CodeIPSYear:
		return b.lang.T("IPS de l’année la plus proche, là où celui de l’année n’est pas dans les fichiers.",
			"IPS of the nearest year, where that of the year is not in the files."), true
	case indicator.CodeFeedStopped:
		return b.lang.T("Chaque part est prise sans les établissements des académies dont le flux est arrêté.",
			"Each share is taken without the schools of académies whose feed stopped."), true
	}
	return "", false
}
