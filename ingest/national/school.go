package national

import "bytes"

// attributes are what the rows of the DNMA say of a school, in the order of the
// headings from fAcademie on.
type attributes [identFields - fAcademie]string

// seen is a school as some rows have it: of each attribute the newest text, and of two
// of one week the greater, so that the order in which rows are read does not matter.
type seen struct {
	said  attributes
	weeks [len(attributes{})]int32
	moved bool // académie, sector or nature differ between rows
}

// schools gathers what the rows of one kind say of schools, for one goroutine.
type schools struct {
	by    map[uint64]*seen
	words map[string]string
}

func newSchools() *schools {
	return &schools{by: map[uint64]*seen{}, words: map[string]string{}}
}

// maxWord is how long a label may be; a longer one is none.
const maxWord = 200

// see takes the attributes of a row.
func (s *schools) see(r *row, l *layout, record [][]byte) {
	school := s.by[r.uai]
	if school == nil {
		school = &seen{}
		s.by[r.uai] = school
	}
	for f := fAcademie; f < identFields; f++ {
		position := l.ident[f]
		if position < 0 {
			continue
		}
		i := f - fAcademie
		if text := trim(record[position]); string(text) != school.said[i] { // most rows say what the last one said
			school.merge(f, s.word(text), r.week)
		} else {
			school.weeks[i] = max(school.weeks[i], r.week)
		}
	}
}

// word is the text of a label, one for all schools that have it.
func (s *schools) word(b []byte) string {
	if absent(b) || len(b) > maxWord || bytes.ContainsFunc(b, hidden) || bytes.IndexByte([]byte("=+-@"), b[0]) >= 0 {
		return "" // what a spreadsheet would take for a formula is no label
	}
	if w, ok := s.words[string(b)]; ok {
		return w
	}
	w := string(b)
	s.words[w] = w
	return w
}

// hidden is a character that nobody sees and that would change what stands around it
// on a page.
func hidden(r rune) bool {
	return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e ||
		r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

// merge takes what a week says of one attribute.
func (s *seen) merge(f field, text string, week int32) {
	i := f - fAcademie
	switch {
	case text == "":
		return
	case text == s.said[i]:
		s.weeks[i] = max(s.weeks[i], week)
		return
	case s.said[i] != "" && (f == fAcademie || f == fNature || f == fSector):
		s.moved = true
	}
	if week > s.weeks[i] || week == s.weeks[i] && text > s.said[i] {
		s.said[i], s.weeks[i] = text, week
	}
}

// add takes over what another goroutine or file gathered.
func (s *schools) add(o *schools) {
	for key, school := range o.by {
		mine := s.by[key]
		if mine == nil {
			s.by[key] = school
			continue
		}
		for i, text := range school.said {
			mine.merge(fAcademie+field(i), text, school.weeks[i])
		}
		mine.moved = mine.moved || school.moved
	}
}
