package report

import "github.com/entscope/entscope/analysis/question"

// title is that of the report.
var title = question.Text{FR: "Comment les {parents} se servent de l’ENT", EN: "How {parents} use the school portal"}

// volume is a report under way.
type volume struct {
	*drawer
	in         Input
	chapters   []chapter
	unanswered []unansweredQuestion
	out        pages
}

// door leads back to the whole publication.
func door(l lang) entry { return entry{"../index.html", l.T("La publication", "The publication")} }

func themeFile(p question.Page) string { return p.Name + ".html" }

// schoolsMenu leads from the pages of schools to the list of them and to the rest of the
// publication.
func schoolsMenu(l lang, f Facts) []entry {
	menu := []entry{{frontFile, l.T("Établissements", "Schools")}}
	if f.Site {
		menu = append(menu, entry{"../report/index.html", l.T("Le rapport", "The report")}, door(l))
	}
	return menu
}

// frame is what all pages of the report have.
func (v *volume) frame(file, title string) frame {
	f := frame{Lang: v.lang, Facts: v.in.Facts, Title: title, Of: v.in.Facts.Term, Here: file}
	f.Menu = append(f.Menu, entry{frontFile, v.lang.T("L’essentiel", "Summary")})
	for _, p := range question.Pages() {
		f.Menu = append(f.Menu, entry{themeFile(p), v.words(p.Menu)})
	}
	f.Menu = append(f.Menu, entry{appendixFile, v.lang.T("Toutes les figures", "All figures")})
	if f.Facts.Site {
		f.Menu = append(f.Menu, entry{"../schools/index.html", v.lang.T("Établissements", "Schools")}, door(v.lang))
	}
	return f
}

// page renders one page.
func (v *volume) page(template, file string, data any) error {
	html, err := render(v.lang, template, data)
	v.out[file] = html
	return err
}
