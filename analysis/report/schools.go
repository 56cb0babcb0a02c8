package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/durable"
)

// code is what may name the file of a school: its UAI, or, outside France, the
// word by which the directory knows it. It can never be a path.
var code = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$`)

// schoolsIndex is what the template of the list of schools sees.
type schoolsIndex struct {
	frame
	Levels []levelList
}

type levelList struct {
	Name    string
	Schools []indicator.School
}

// WriteSchoolsOn writes to dir on disk one dashboard per school, <UAI>.html with the same
// figures as data in <UAI>.json, and index.html. The schools stand in alphabetical order:
// there is no ranking. Former pages in dir are replaced as a whole.
func WriteSchoolsOn(disk durable.Disk, dir string, in SchoolsInput) error {
	p, err := buildSchools(in)
	if err != nil {
		return err
	}
	return p.write(disk, dir)
}

func buildSchools(in SchoolsInput) (pages, error) {
	l, err := wording.Parse(in.Lang)
	if err != nil {
		return nil, err
	}
	if err := in.Facts.check(); err != nil {
		return nil, err
	}
	t, err := pageTemplate(l, "school.html")
	if err != nil {
		return nil, err
	}
	out, shown := pages{}, newDashboard()
	var faults []error
	for i, s := range in.Schools {
		if !code.MatchString(s.UAI) || strings.EqualFold(s.UAI, "index") {
			faults = append(faults, fmt.Errorf("report: school %d: its code cannot name a page", i+1))
			continue
		}
		if out[s.UAI+".html"] != nil {
			faults = append(faults, fmt.Errorf("report: school %s: given twice", s.UAI))
			continue
		}
		b := board{lang: l, facts: in.Facts, school: s, dashboard: shown, national: in.National,
			past: shown.periods(s.UAI, in.Earlier)}
		if out[s.UAI+".html"], err = b.render(t); err != nil {
			faults = append(faults, err)
		}
		if out[s.UAI+".json"], err = shown.encode(l, s, in.Facts, b.past); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	list := frame{Lang: l, Facts: in.Facts, Of: in.Facts.Term, Here: frontFile, Menu: schoolsMenu(l, in.Facts),
		Title: l.T("Tableaux de bord des établissements", "School dashboards"), Script: searchScript}
	out["index.html"], err = render(l, "schools.html", schoolsIndex{list, byLevel(l, in.Schools)})
	return out, err
}

// byLevel sorts schools by level, then name.
func byLevel(l lang, schools []indicator.School) []levelList {
	var out []levelList
	order := slices.Clone(question.GroupingOf("level").Values())
	known := len(order)
	for _, s := range schools {
		if !slices.Contains(order, s.Level) {
			order = append(order, s.Level)
		}
	}
	slices.Sort(order[known:])
	d := &drawer{lang: l}
	for _, level := range order {
		list := levelList{Name: d.levels(level)}
		for _, s := range schools {
			if s.Level == level {
				list.Schools = append(list.Schools, s)
			}
		}
		sort.SliceStable(list.Schools, func(i, j int) bool {
			a, b := list.Schools[i], list.Schools[j]
			if x, y := strings.ToLower(a.Name), strings.ToLower(b.Name); x != y {
				return x < y
			}
			return a.UAI < b.UAI
		})
		if len(list.Schools) > 0 {
			out = append(out, list)
		}
	}
	return out
}
