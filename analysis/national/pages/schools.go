package pages

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// departementPage is one page of schools.
type departementPage struct {
	Number, Name, File string
	Schools            []schoolCard
}

// schoolCard is one school: its line beside that of schools like it.
type schoolCard struct {
	UAI, Name, Tags, Visits, Peers string
	Line                           template.HTML
}

// kind of school: those that a school is laid beside.
type kind struct {
	academie, level string
	band            int
}

// schools writes the pages of the départements and their list, and returns them.
func (s *site) schools() ([]departementPage, error) {
	a := s.answers
	by := map[string][]int{}
	names := map[string]string{}
	for i, school := range a.Schools {
		if i < len(a.Lines) && a.Lines[i] != nil {
			by[school.Number] = append(by[school.Number], i)
			names[school.Number] = school.Departement
		}
	}
	peers := s.peers()
	var list []departementPage
	for _, number := range slices.Sorted(mapKeys(by)) {
		p := departementPage{
			Number: number,
			Name:   names[number],
			File:   "departement-" + wording.Slug(number) + ".html",
		}
		if number == "" {
			p.Name, p.File = s.t("Département inconnu", "Unknown département"), "departement-inconnu.html"
		}
		members := by[number]
		slices.SortStableFunc(members, func(x, y int) int {
			return strings.Compare(
				strings.ToLower(a.Schools[x].Commune+a.Schools[x].Name),
				strings.ToLower(a.Schools[y].Commune+a.Schools[y].Name),
			)
		})
		for _, i := range members {
			p.Schools = append(p.Schools, s.card(i, peers))
		}
		title := strings.TrimSpace(p.Number + " " + p.Name)
		data := map[string]any{"Page": p, "Title": title, "Marks": s.lineMarks()}
		if err := s.page("departement.html", p.File, data); err != nil {
			return nil, err
		}
		list = append(
			list,
			departementPage{
				Number:  p.Number,
				Name:    p.Name,
				File:    p.File,
				Schools: p.Schools[:len(p.Schools):len(p.Schools)],
			},
		)
	}
	front := map[string]any{"Title": s.t("Chaque établissement", "Every school"), "List": list}
	return list, s.page("schools.html", "etablissements.html", front)
}

func mapKeys[V any](m map[string]V) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// kindOf is what a school is laid beside: its level and IPS quintile in its académie.
func (s *site) kindOf(i int) kind {
	school := s.answers.Schools[i]
	k := kind{academie: school.Academie, level: school.Level}
	if i < len(s.answers.Positions) {
		k.band = s.answers.Positions[i].Band
	}
	return k
}

// peerLine is the line of schools like one another.
type peerLine struct {
	visits, weeks []int64
	schools       int
}

func (s *site) peers() map[kind]*peerLine {
	out := map[kind]*peerLine{}
	for i, line := range s.answers.Lines {
		if line == nil {
			continue
		}
		k := s.kindOf(i)
		if out[k] == nil {
			out[k] = &peerLine{visits: make([]int64, len(line.Visits)), weeks: make([]int64, len(line.Visits))}
		}
		p := out[k]
		p.schools++
		for j := range line.Visits {
			p.visits[j] += int64(line.Visits[j])
			p.weeks[j] += int64(line.Weeks[j])
		}
	}
	return out
}

// Sizes of the line of a school, in user units.
const (
	lineHeight = 56
	lineStep   = 4
)

// card is one school beside its peers.
func (s *site) card(i int, peers map[kind]*peerLine) schoolCard {
	school, line := s.answers.Schools[i], s.answers.Lines[i]
	of := s.kindOf(i)
	p := peers[of]
	c := schoolCard{UAI: school.UAI, Name: school.Name}
	if c.Name == "" {
		c.Name = s.t("Établissement sans nom dans les fichiers", "School without a name in the files")
	}
	tags := []string{levelName(s.lang, school.Level), sectorName(s.lang, school.Sector)}
	if school.Commune != "" {
		tags = append([]string{school.Commune}, tags...)
	}
	if of.band > 0 {
		tags = append(
			tags,
			"IPS "+s.lang.Number(
				s.answers.Positions[i].IPS,
				1,
			)+s.t(
				", quintile ",
				", quintile ",
			)+strconv.Itoa(
				of.band,
			),
		)
	}
	c.Tags = strings.Join(tags, " · ")
	own, ownWeeks := s.lastYear(func(j int) (int64, int64) { return int64(line.Visits[j]), int64(line.Weeks[j]) })
	like, likeWeeks := s.lastYear(func(j int) (int64, int64) { return p.visits[j], p.weeks[j] })
	switch {
	case ownWeeks == 0 || own == 0:
		c.Visits = s.t("non mesurable", "not measurable")
	default:
		c.Visits = s.f("%s visites de parents par semaine en %s",
			"%s visits of parents a week in %s",
			rate(s.lang, float64(own)/float64(ownWeeks)), s.last)
	}
	if p.schools > 1 && likeWeeks > 0 {
		c.Peers = s.f("%s dans les %d établissements semblables",
			"%s in the %d schools like it",
			rate(s.lang, float64(like)/float64(likeWeeks)), p.schools)
	}
	c.Line = drawLine(line, p)
	return c
}

// lastYear adds up the steps of the last compared school year.
func (s *site) lastYear(of func(step int) (visits, weeks int64)) (visits, weeks int64) {
	if len(s.answers.Years) == 0 {
		return 0, 0
	}
	origin := s.answers.Years[0].First
	for _, y := range s.answers.Years {
		if y.Label != s.last {
			continue
		}
		for step := (y.First - origin + 27) / 28; step <= (y.Last-origin)/28; step++ {
			v, w := of(step)
			visits, weeks = visits+v, weeks+w
		}
	}
	return visits, weeks
}

// drawLine writes the two lines as SVG paths, in whole units: a page has hundreds.
func drawLine(line *national.Line, p *peerLine) template.HTML {
	high := 0.0
	steps := len(line.Visits)
	own, like := make([]float64, steps), make([]float64, steps)
	for j := range steps {
		own[j], like[j] = -1, -1
		if line.Weeks[j] > 0 {
			own[j] = float64(line.Visits[j]) / float64(line.Weeks[j])
		}
		if p.weeks[j] > 0 {
			like[j] = float64(p.visits[j]) / float64(p.weeks[j])
		}
		high = max(high, own[j], like[j])
	}
	if high == 0 {
		high = 1
	}
	return template.HTML(
		`<path class="like" d="` + linePath(like, high) + `"/><path class="own" d="` + linePath(own, high) + `"/>`,
	)
}

func linePath(values []float64, high float64) string {
	var b strings.Builder
	drawn := false
	for j, v := range values {
		if v < 0 {
			drawn = false
			continue
		}
		b.WriteByte("ML"[map[bool]int{true: 1}[drawn]])
		b.WriteString(strconv.Itoa(j * lineStep))
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(lineHeight - 2 - int(v/high*(lineHeight-4)+0.5)))
		drawn = true
	}
	return b.String()
}

// lineMarks are the breaks of method, as SVG lines over the line of a school, and the
// width of it.
func (s *site) lineMarks() map[string]any {
	a := s.answers
	if len(a.Years) == 0 {
		return nil
	}
	origin := a.Years[0].First
	var b strings.Builder
	for _, m := range s.marks {
		x := (m.day - origin) / 7 * lineStep / 4
		fmt.Fprintf(&b, `<line class="ref" x1="%d" y1="0" x2="%d" y2="%d"/>`, x, x, lineHeight)
	}
	steps := (a.Years[len(a.Years)-1].Last-origin)/28 + 1
	return map[string]any{"Lines": template.HTML(b.String()), "Width": steps * lineStep, "Height": lineHeight,
		"From": s.date(origin), "To": s.date(a.Years[len(a.Years)-1].Last)}
}
