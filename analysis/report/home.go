package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// Home is all the front door of a publication is made of.
type Home struct {
	Lang  string
	Facts Facts
	// Schools is the number of pages of schools.
	Schools int
	// Codebook and Terms name the files that say what the figures mean and how they may be
	// used.
	Codebook, Terms string
}

// homePage is what its template sees.
type homePage struct {
	frame
	Home     Home
	Measured string
	Pages    []entry
	Citation string
}

// HomePage is index.html of a publication: who, when, what, on which conditions, and where
// everything is.
func HomePage(in Home) ([]byte, error) {
	l, err := wording.Parse(in.Lang)
	if err != nil {
		return nil, err
	}
	if err := in.Facts.check(); err != nil {
		return nil, err
	}
	d := &drawer{lang: l, subject: in.Facts.Subject}
	p := homePage{Home: in, Measured: d.measured(in.Facts, nil), Citation: citation(l, in.Facts)}
	p.frame = frame{Lang: l, Facts: in.Facts, Title: d.words(title), Of: in.Facts.Term}
	for _, page := range question.Pages() {
		p.Pages = append(p.Pages, entry{"report/" + themeFile(page), d.words(page.Title)})
	}
	return render(l, "home.html", p)
}

// citation says how to quote a publication.
func citation(l wording.Lang, f Facts) string {
	who := f.Sender
	if who == "" {
		who = l.T("Étude ", "Study ") + f.Study
	}
	d := &drawer{lang: l, subject: f.Subject}
	text := who + ". " + d.words(title) + ", " + f.Term + l.T(" (du ", " (from ") + l.Date(f.Start) +
		l.T(" au ", " to ") + l.Date(f.End) + ")"
	if f.Issued != "" {
		text += l.T(", publié le ", ", published on ") + l.Date(f.Issued)
	}
	if f.Synthetic {
		text += l.T(", données synthétiques", ", synthetic data")
	}
	return text + "."
}

// address is an e-mail address: those stand in the legal record alone, so that no page is
// harvested.
var address = regexp.MustCompile(`[<(]?\S+@\S+[>)]?`)

// nobody begins a controller's line that names none.
var nobody = regexp.MustCompile(`(?i)^(aucun|sans objet|personne|none|nobody)\b`)

// SenderOf takes from the controller's line of the legal record what a page says of it:
// nothing where it names nobody.
func SenderOf(controller string) string {
	name := strings.Trim(strings.Join(strings.Fields(address.ReplaceAllString(controller, "")), " "), " ,;")
	if nobody.MatchString(name) {
		return ""
	}
	return name
}

// measured says in one line what was measured: who, where, when, through what.
func (d *drawer) measured(f Facts, feeds []string) string {
	text := d.lang.T("Du ", "From ") + d.lang.Date(f.Start) + d.lang.T(" au ", " to ") + d.lang.Date(f.End)
	if f.Schools > 0 {
		text += d.words(question.Text{FR: " : environ ", EN: ": about "}) + d.lang.About(f.Persons) +
			d.words(question.Text{FR: " comptes de {parents}", EN: " accounts of {parents}"}) +
			fmt.Sprintf(d.lang.T(" dans %s établissements", " in %s schools"), d.lang.Count(f.Schools))
	}
	if len(feeds) > 0 {
		text += d.lang.T(", d’après ", ", from ") + d.lang.List(feeds)
	}
	return text + "."
}
