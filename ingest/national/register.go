package national

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/tabular"
)

// maxRegisterRows bounds a register: there are 70,000 schools, and an IPS file may hold
// several years.
const maxRegisterRows = 2 << 20

// registerRow is a row of an IPS file or of the annuaire.
type registerRow struct {
	uai, name, nature          string
	level, sector              string
	academie, departement      string
	region, commune            string
	ministere, circonscription string
	year                       string
	ips                        int32
	pupils                     int64
	namesLycee                 bool
}

// registers are the rows of the small files.
type registers struct {
	ips      []registerRow
	annuaire []registerRow
	holidays *directory.Holidays
	// given says that an annuaire was, even an empty one.
	given map[Kind]bool
}

// readRegister reads an IPS file or the annuaire whole.
func readRegister(r io.Reader, l *layout, separator byte, t *tally) ([]registerRow, error) {
	var names []string
	for name := range l.fields {
		names = append(names, name)
	}
	slices.Sort(names)
	m := &tabular.Mapping{Delimiter: delimiterName(separator), Columns: map[string]any{}}
	var fields []tabular.Field
	at := map[string]int{}
	for _, name := range names {
		m.Columns[name] = l.fields[name] + 1
		f := tabular.Field{Name: name, Required: name == "uai"}
		if strings.HasPrefix(name, "ips") {
			f.Kind = tabular.Tenths
		}
		at[name] = len(fields)
		fields = append(fields, f)
	}
	rows, err := tabular.Open(r, m, fields, nil, func(j ingest.Reject) { t.refuse(j.Reason, place{Line: j.Line}) })
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	p := registerReader{rows: rows, at: at, words: newSchools(), kind: l.kind}
	var all []registerRow
	for rows.Next() {
		row, reason := p.row()
		if reason != "" {
			rows.Refuse(reason)
			continue
		}
		t.accepted++
		if len(all) == maxRegisterRows {
			return nil, fmt.Errorf("%w: more than %d rows", ErrUnknown, maxRegisterRows)
		}
		all = append(all, row)
	}
	t.ignored += rows.Ignored() - 1 // the headings are no row
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if l.kind == IPS {
		fillLevels(all)
	}
	return all, nil
}

// delimiterName is a separator as a mapping has it.
func delimiterName(separator byte) string {
	if separator == '\t' {
		return "tab"
	}
	return string(rune(separator))
}

// registerReader reads rows of a register by the names of its fields.
type registerReader struct {
	rows  *tabular.Rows
	at    map[string]int
	words *schools
	kind  Kind
}

func (p *registerReader) bytes(name string) []byte {
	if i, ok := p.at[name]; ok {
		return p.rows.Text(i)
	}
	return nil
}

func (p *registerReader) text(name string) string { return p.words.word(p.bytes(name)) }

func (p *registerReader) row() (registerRow, ingest.Reason) {
	n, ok := code(p.bytes("uai"))
	if !ok {
		return registerRow{}, ingest.ReasonUnknownValue
	}
	row := registerRow{
		uai: uai(n), name: p.text("name"), nature: p.text("nature"), sector: sectorOf(p.text("sector")),
		academie: p.text("academie"), departement: p.text("departement"), region: p.text("region"),
		commune:   p.text("commune"),
		ministere: p.text("ministere"), circonscription: p.text("circonscription"), ips: null, pupils: null,
	}
	if p.kind == Annuaire {
		if row.level = directory.SchoolLevel(p.text("type")); row.level == "" {
			row.level = directory.SchoolLevel(row.nature)
		}
		return row, ""
	}
	if _, row.namesLycee = p.at["lycee"]; row.namesLycee {
		row.level = "lycee"
	} else {
		row.level = directory.SchoolLevel(row.name)
	}
	if row.year = yearOf(p.bytes("year")); row.year == "" && len(p.bytes("year")) > 0 {
		return row, ingest.ReasonTimestamp
	}
	for _, name := range []string{"ips", "ips_gt", "ips_pro"} {
		if i, ok := p.at[name]; ok && p.rows.Has(i) {
			// What is not significant or not available has a text and no number.
			if v := p.rows.Number(i); v > 0 && v < 3000 {
				row.ips = int32(v)
				break
			}
		}
	}
	return row, p.pupils(&row)
}

// pupils reads how many there are: of the school, or else of both ways of a lycée.
func (p *registerReader) pupils(row *registerRow) ingest.Reason {
	var of [3]int64
	for i, name := range []string{"pupils", "pupils_gt", "pupils_pro"} {
		n, ok := count(p.bytes(name))
		if !ok {
			if unknownIPS(p.bytes(name)) {
				n = null
			} else {
				return ingest.ReasonType
			}
		}
		of[i] = n
	}
	switch {
	case of[0] != null:
		row.pupils = of[0]
	case of[1] != null || of[2] != null:
		row.pupils = max(of[1], 0) + max(of[2], 0)
	}
	return ""
}

// unknownIPS are the words of the open data for what is not significant, not available
// or not communicated.
func unknownIPS(b []byte) bool {
	return slices.Contains([]string{"NS", "ND", "NC"}, string(b))
}

// fillLevels gives the schools whose names do not tell their level that of the file.
func fillLevels(rows []registerRow) {
	times, best := map[string]int{}, ""
	for i := range rows {
		if rows[i].level != "" {
			times[rows[i].level]++
		}
	}
	for _, level := range []string{"ecole", "college", "lycee"} {
		if times[level] > times[best] {
			best = level
		}
	}
	for i := range rows {
		if rows[i].level == "" {
			rows[i].level = best
		}
	}
}

// yearOf reads "2022-2023", or the year of the rentrée: 2019, 2019.0.
func yearOf(b []byte) string {
	text := string(trim(b))
	begin, end, two := strings.Cut(text, "-")
	n, ok := digits([]byte(strings.TrimSuffix(begin, ".0")))
	if !ok || n < 2000 || n > 2100 {
		return ""
	}
	if two {
		if m, ok := digits([]byte(end)); !ok || m != n+1 && m != (n+1)%100 {
			return ""
		}
	}
	return yearName(int(n))
}

// sectorOf is PU or PR of "public", "privé sous contrat", "PU".
func sectorOf(text string) string {
	switch folded := tabular.Fold(text); {
	case strings.HasPrefix(folded, "pu"):
		return "PU"
	case strings.HasPrefix(folded, "pr"):
		return "PR"
	}
	return ""
}

// ipsRows are the rows of the table: sorted, one for each school and year. Of two, that
// with an IPS stands, and then the greater.
func (r *registers) ipsRows() (rows []IPSRow, repeated int64) {
	all := slices.Clone(r.ips)
	slices.SortFunc(all, func(a, b registerRow) int {
		return cmp.Or(cmp.Compare(a.uai, b.uai), cmp.Compare(a.year, b.year), cmp.Compare(b.ips, a.ips),
			cmp.Compare(b.pupils, a.pupils), cmp.Compare(a.level, b.level))
	})
	for i, a := range all {
		if i > 0 && all[i-1].uai == a.uai && all[i-1].year == a.year {
			repeated++
			continue
		}
		row := IPSRow{UAI: a.uai, SchoolYear: a.year, Level: optional(a.level)}
		if a.ips != null {
			row.IPSTenths = &a.ips
		}
		if a.pupils != null {
			row.Pupils = &a.pupils
		}
		rows = append(rows, row)
	}
	return rows, repeated
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
