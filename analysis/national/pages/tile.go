package pages

import (
	"math"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/wording"
)

// place is where a tile stands: near its neighbours, not where the land is.
type place struct{ column, row int }

// academies are the tiles of the 30 académies and their short names.
var academies = map[string]struct {
	short string
	place
}{
	"Lille": {"LIL", place{5, 0}}, "Normandie": {"NOR", place{3, 1}}, "Amiens": {"AMI", place{5, 1}},
	"Reims": {"REI", place{6, 1}}, "Nancy-Metz": {"NAN", place{7, 1}}, "Strasbourg": {"STR", place{8, 1}},
	"Rennes": {"REN", place{1, 2}}, "Versailles": {"VER", place{4, 2}}, "Paris": {"PAR", place{5, 2}},
	"Créteil": {"CRE", place{6, 2}}, "Nantes": {"NTS", place{2, 3}}, "Orléans-Tours": {"ORL", place{4, 3}},
	"Dijon": {"DIJ", place{6, 3}}, "Besançon": {"BES", place{7, 3}}, "Poitiers": {"POI", place{3, 4}},
	"Limoges": {"LIM", place{4, 4}}, "Clermont-Ferrand": {"CLE", place{5, 4}}, "Lyon": {"LYO", place{6, 4}},
	"Grenoble": {"GRE", place{7, 4}}, "Bordeaux": {"BOR", place{3, 5}}, "Toulouse": {"TOU", place{4, 5}},
	"Montpellier": {"MON", place{5, 5}}, "Aix-Marseille": {"AIX", place{6, 5}}, "Nice": {"NIC", place{7, 5}},
	"Corse": {"COR", place{8, 6}}, "Guadeloupe": {"GUA", place{0, 7}}, "Martinique": {"MAR", place{1, 7}},
	"Guyane": {"GUY", place{2, 7}}, "La Réunion": {"REU", place{3, 7}}, "Mayotte": {"MAY", place{4, 7}},
}

// departements are the rows of the tiles of the 101 départements.
var departements = [][]string{
	{"", "", "", "", "", "", "62", "59"},
	{"", "", "", "", "", "76", "80", "02", "08"},
	{"", "", "", "50", "14", "27", "60", "95", "51", "55", "57", "67"},
	{"29", "22", "35", "53", "61", "78", "92", "93", "10", "52", "54", "68"},
	{"", "56", "44", "49", "72", "28", "75", "94", "77", "70", "88", "90"},
	{"", "", "85", "79", "37", "41", "91", "45", "89", "21", "25"},
	{"", "", "17", "86", "36", "18", "03", "58", "71", "39", "01", "74"},
	{"", "", "33", "16", "87", "23", "63", "42", "69", "38", "73"},
	{"", "", "40", "24", "19", "15", "43", "07", "26", "05"},
	{"", "", "47", "46", "12", "48", "30", "84", "04", "06"},
	{"", "", "64", "32", "82", "81", "34", "13", "83"},
	{"", "", "", "65", "31", "11", "", "", "", "", "", "2B"},
	{"", "", "", "", "09", "66", "", "", "", "", "", "2A"},
	{"971", "972", "973", "974", "976"},
}

// tiles is a map of territories and how it writes their numbers.
type tiles struct {
	drawing.Tiles
	book book
	as   format
}

// add puts a territory on its place.
func (t *tiles) add(short string, at place, n number) {
	x := drawing.Tile{Name: short, Column: at.column, Row: at.row, Value: math.NaN()}
	if n.known() {
		x.Value, x.Text = n.value(), t.as(t.book.lang, n.value())
	}
	t.List = append(t.List, x)
}

// academyTiles are those of the académies; one without a place of its own stands in the
// last row.
func academyTiles(b book, names []string, of func(name string) number, as format) tiles {
	t := tiles{book: b, as: as, Tiles: drawing.Tiles{Columns: 9, Rows: 8}}
	for name, at := range academies {
		t.add(at.short, at.place, of(name))
	}
	column := 5
	for _, name := range names {
		if _, ok := academies[name]; !ok && name != "" {
			t.add(clip(name, 8), place{column % 9, 7 + column/9}, of(name))
			column++
			t.Rows = max(t.Rows, 8+(column-1)/9)
		}
	}
	return t
}

// departementTiles are those of the départements.
func departementTiles(b book, of func(number string) number, as format) tiles {
	t := tiles{book: b, as: as, Tiles: drawing.Tiles{Columns: 12, Rows: len(departements)}}
	for row, line := range departements {
		for column, code := range line {
			if code != "" {
				t.add(code, place{column, row}, of(code))
			}
		}
	}
	return t
}

// legend names the classes.
func (t tiles) legend() []legend {
	edges := t.Edges()
	if edges == nil {
		return nil
	}
	var out []legend
	for k, e := range edges {
		text := t.book.lang.T("jusqu’à ", "up to ") + t.as(t.book.lang, e)
		if k == len(edges)-1 {
			text = t.book.lang.T("au-delà", "above")
		}
		out = append(out, legend{Class: drawing.ShadeClass(k), Text: text})
	}
	return append(out, legend{Class: "qn", Text: t.book.lang.T("non mesurable", "not measurable")})
}

func (t tiles) draw(narrow bool) *drawing.Chart {
	c := t.Draw(narrow)
	return &c
}

// title of a level or a band in the language of the page.
func levelName(l wording.Lang, level string) string {
	switch level {
	case "ecole":
		return l.T("écoles", "primary schools")
	case "college":
		return l.T("collèges", "collèges (lower secondary)")
	case "lycee":
		return l.T("lycées", "lycées (upper secondary)")
	}
	return l.T("autres établissements", "other schools")
}

func sectorName(l wording.Lang, sector string) string {
	switch sector {
	case "PU":
		return l.T("public", "public")
	case "PR":
		return l.T("privé", "private")
	}
	return l.T("public et privé", "public and private")
}

func bandName(l wording.Lang, band string) string {
	names := map[string][2]string{
		"1": {"quintile 1, IPS le plus bas", "quintile 1, lowest IPS"},
		"2": {"quintile 2", "quintile 2"}, "3": {"quintile 3", "quintile 3"}, "4": {"quintile 4", "quintile 4"},
		"5": {"quintile 5, IPS le plus haut", "quintile 5, highest IPS"},
	}
	return l.T(names[band][0], names[band][1])
}
