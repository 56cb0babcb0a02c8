package national

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Errors of a file that is not used. They hold headings at most, never a row.
var (
	// ErrUnknown is a file whose headings are none of ours.
	ErrUnknown = errors.New("not one of the national files")
	// ErrDamaged is a file of ours that would give wrong sums.
	ErrDamaged = errors.New("not to be relied on")
)

// maxColumns is how many columns a file may have; the widest has 85.
const maxColumns = 512

// field is a column that is no number of the DNMA.
type field int

const (
	fWeek field = iota
	fUAI
	fAcademie
	fCommune
	fDepartement
	fRegion
	fMinistere
	fCirconscription
	fNature
	fSector
	identFields
)

// identHeadings are the headings of the ten columns that stand in each of the four
// files, as they are compared.
var identHeadings = [identFields]string{
	"debutsemaine", "uai", "academie", "commune", "departement", "region", "ministere", "circonscription", "natureuai",
	"secteur",
}

// registerHeadings are the names under which the registers have been published, as
// they are compared, the preferred ones first: labels and technical names of 2019 to
// 2025, with the misspelt "établissment" of 2022.
var registerHeadings = map[Kind]map[string][]string{
	IPS: {
		"uai": {"uai", "numerouai", "codeuai"}, "year": {"rentreescolaire", "anneescolaire", "rs"},
		"name":   {"nomdeletablissement", "nomdeletablissment", "nomdelecole", "nometablissement"},
		"lycee":  {"typedelycee"},
		"pupils": {"effectifs", "effectifsensemblegtpro", "nbeleves"}, "pupils_gt": {"effectifsvoiegt"},
		"pupils_pro": {"effectifsvoiepro"},
		"ips":        {"ips", "ipsetab", "ipsensemblegtpro"}, "ips_gt": {"ipsvoiegt"}, "ips_pro": {"ipsvoiepro"},
		"sector": {"secteur", "secteurx"}, "academie": {"academie"}, "departement": {"departement"},
		"commune": {"nomdelacommune", "commune"},
	},
	Annuaire: {
		"uai":  {"identifiantdeletablissement", "numerouai", "uai"},
		"name": {"nometablissement", "appellationofficielle", "nomdeletablissement"},
		"type": {"typeetablissement"}, "nature": {"libellenature", "natureuailibe"},
		"sector":   {"statutpublicprive", "secteurpublicprivelibe"},
		"academie": {"libelleacademie", "academie"}, "departement": {"libelledepartement", "departement"},
		"region": {"libelleregion", "region"}, "commune": {"nomcommune", "commune"}, "ministere": {"ministeretutelle"},
		"circonscription": {"nomcirconscription"},
	},
	Calendar: {
		"description": {"description"}, "population": {"population"}, "start": {"datededebut", "startdate"},
		"end":      {"datedefin", "enddate"},
		"academie": {"academies", "location"}, "zone": {"zones"},
	},
}

// requiredHeadings are those without which a register cannot be read.
var requiredHeadings = map[Kind][]string{
	IPS: {"uai", "ips|ips_gt|ips_pro"}, Annuaire: {"uai", "type|nature", "academie"}, Calendar: {"start", "zone"},
}

// layout is a file's headings, understood.
type layout struct {
	kind    Kind
	width   int
	names   []string         // as they may be printed
	ident   [identFields]int // position of the column; -1 without
	numbers []int            // idem, of each of columnsOf(kind)
	fields  map[string]int   // idem, of a register
	// unknown are columns that the kind does not have; extra those of them that look
	// like a measure, by position.
	unknown []string
	extra   []int
	missing []string
}

// recognise understands a file's headings.
func recognise(names []string) (*layout, error) {
	if len(names) > maxColumns {
		return nil, fmt.Errorf("%w: %d columns", ErrUnknown, len(names))
	}
	at := map[string]int{}
	for i, name := range names {
		h := heading(name)
		if _, twice := at[h]; twice && h != "" {
			return nil, fmt.Errorf("%w: column %s stands twice", ErrDamaged, shown(name))
		}
		at[h] = i
	}
	measured := func(k Kind) (found, all int) {
		for _, c := range columnsOf(k) {
			all++
			if _, ok := at[c.heading]; ok {
				found++
			}
		}
		return found, all
	}
	var fits []Kind
	for _, k := range Measured {
		if found, all := measured(k); 2*found >= all {
			fits = append(fits, k)
		}
	}
	if len(fits) > 1 {
		return nil, fmt.Errorf("%w: columns of both %s and %s", ErrUnknown, fits[0], fits[1])
	}
	if len(fits) == 1 {
		return measuredLayout(fits[0], names, at)
	}
	if l := registerLayout(names, at); l != nil {
		return l, nil
	}
	_, week := at[identHeadings[fWeek]]
	for _, k := range Measured {
		if found, all := measured(k); found > 2 || week && found > 0 {
			return nil, fmt.Errorf("%w: %d of the %d columns of numbers of %s", ErrUnknown, found, all, k.Dataset())
		}
	}
	return nil, fmt.Errorf("%w: no heading tells which; hint: entscope help national", ErrUnknown)
}

// measuredLayout finds the columns of a file of the DNMA.
func measuredLayout(k Kind, names []string, at map[string]int) (*layout, error) {
	l := &layout{kind: k, width: len(names), names: allShown(names)}
	used := make([]bool, len(names))
	for f, h := range identHeadings {
		i, ok := at[h]
		if !ok {
			l.ident[f] = -1
			l.missing = append(l.missing, h)
			continue
		}
		l.ident[f], used[i] = i, true
	}
	for _, f := range []field{fWeek, fUAI} {
		if l.ident[f] < 0 {
			return nil, fmt.Errorf("%w: like %s, but without the column %s: it is not by school and week", ErrUnknown,
				k.Dataset(), identHeadings[f])
		}
	}
	for _, c := range columnsOf(k) {
		i, ok := at[c.heading]
		if !ok {
			l.numbers = append(l.numbers, -1)
			l.missing = append(l.missing, strings.TrimSuffix(c.name, "_ms"))
			continue
		}
		l.numbers, used[i] = append(l.numbers, i), true
	}
	for i, name := range names {
		if used[i] {
			continue
		}
		l.unknown = append(l.unknown, l.names[i])
		if h := heading(name); strings.HasPrefix(h, "visites") || strings.HasPrefix(h, "utilisateurs") {
			l.extra = append(l.extra, i)
		}
	}
	return l, nil
}

// registerLayout finds a register's columns; nil if it is none.
func registerLayout(names []string, at map[string]int) *layout {
	for _, k := range []Kind{IPS, Calendar, Annuaire} {
		l := &layout{kind: k, width: len(names), fields: map[string]int{}}
		used := make([]bool, len(names))
		for name, spellings := range registerHeadings[k] {
			for _, h := range spellings {
				if i, ok := at[h]; ok {
					l.fields[name], used[i] = i, true
					break
				}
			}
		}
		if !l.has(requiredHeadings[k]) {
			continue
		}
		for _, name := range []string{"year", "name", "pupils", "sector", "academie"} {
			_, ok := l.fields[name]
			if _, wanted := registerHeadings[k][name]; wanted && !ok {
				l.missing = append(l.missing, name)
			}
		}
		for i, name := range names {
			if !used[i] {
				l.unknown = append(l.unknown, shown(name))
			}
		}
		return l
	}
	return nil
}

// has reports whether one of each "a|b" of the required fields is there.
func (l *layout) has(required []string) bool {
	for _, choice := range required {
		some := strings.Split(choice, "|")
		if !slices.ContainsFunc(some, func(name string) bool { _, ok := l.fields[name]; return ok }) {
			return false
		}
	}
	return true
}

// columnsUsed is how many of the file's columns have a meaning here.
func (l *layout) columnsUsed() int { return l.width - len(l.unknown) }

func allShown(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = shown(name)
	}
	return all
}

// shown is a heading as it may be printed, on a page or in a CSV: short, of letters,
// digits and what stands between them.
func shown(name string) string {
	var b strings.Builder
	for i, r := range []rune(name) {
		if i == 60 {
			b.WriteRune('…')
			break
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || b.Len() > 0 && strings.ContainsRune(" _-'’/().", r) {
			b.WriteRune(r)
		}
	}
	if b.Len() == 0 {
		return "(no name)"
	}
	return b.String()
}
