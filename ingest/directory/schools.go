package directory

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// School is one school, with public reference data. Its UAI is kept as it came,
// with a wrong check letter flagged and not corrected.
type School struct {
	Key        int32 // ingest.SchoolKey
	UAI        string
	UAIValid   bool
	Name       string
	Level      string // ecole, college, lycee, "" unknown
	Sector     string // public, prive, "" unknown
	EP         string // HEP, REP, REP+, "" unknown
	IPSTenths  int32  // IPS × 10, -1 unknown
	IPSBand    int8   // 1 to 5, 0 unknown
	Academie   string
	Zone       string // of the school holidays: A, B, C, Corse, …
	RolloutDay int32  // first day of the ENT, -1 unknown
	// Perimeter is false for a school that only national open data names.
	Perimeter bool

	fromReference bool
}

// SchoolFields are the fields of the reference of schools. ips may be a school's
// IPS as each year's open data has it (102,4 or 102.4).
var SchoolFields = []tabular.Field{
	{Name: "uai", Required: true}, {Name: "name"},
	{Name: "level", Check: among(SchoolLevel, levels...)}, {Name: "sector", Check: among(schoolSector, sectors...)},
	{Name: "ep", Check: among(priority, priorities...)},
	{Name: "ips", Kind: tabular.Tenths}, {Name: "academie"}, {Name: "zone"}, {Name: "alias"},
	{Name: "rollout", Kind: tabular.Date},
}

// The words of the reference, as the zone and the editions have them.
var (
	levels     = []string{"ecole", "college", "lycee"}
	sectors    = []string{"public", "prive"}
	priorities = []string{"HEP", "REP", "REP+"}
)

const (
	sUAI = iota
	sName
	sLevel
	sSector
	sEP
	sIPS
	sAcademie
	sZone
	sAlias
	sRollout
)

// IPSBand is the band of an IPS in tenths: below 85, 85–95, 95–105, 105–115, and
// from 115 on; a bound belongs to the band above it. 0 is unknown.
func IPSBand(tenths int32) int8 {
	switch {
	case tenths < 0:
		return 0
	case tenths < 850:
		return 1
	case tenths < 950:
		return 2
	case tenths < 1050:
		return 3
	case tenths < 1150:
		return 4
	}
	return 5
}

func (b *builder) readSchools(ctx context.Context) error {
	if b.o.Schools == nil {
		return nil
	}
	for _, name := range b.o.Schools.Files {
		if err := b.read(ctx, name, "schools", b.schoolFile); err != nil {
			return err
		}
	}
	return nil
}

// schoolFile reads a file through the study's mapping or, where its headings are
// those of the open data instead, through theirs.
func (b *builder) schoolFile(r io.Reader, counts *FileCounts) error {
	text := bufio.NewReaderSize(r, headSize)
	head, _ := text.Peek(headSize)
	mapping, national := b.o.Schools.Mapping, false
	if mapping == nil || !fits(head, mapping) {
		if open := openDataMapping(head); open != nil {
			mapping, national = open, true
		} else if mapping == nil {
			return errors.New("schools: no mapping, and the headings are not those of the open data")
		}
	}
	rows, err := tabular.Open(text, mapping, SchoolFields, b.o.Zone, func(j ingest.Reject) { counts.reject(j.Reason) })
	if err != nil {
		return err
	}
	for rows.Next() {
		used, reason := b.schoolRow(rows, national)
		switch {
		case reason != "":
			rows.Refuse(reason)
		case used:
			counts.Used++
		default:
			counts.Ignored++
		}
	}
	counts.Ignored += rows.Ignored()
	counts.ends(rows)
	return rows.Err()
}

// schoolRow reads one school. Several files, or several rows, of one school
// (IPS, annuaire, aliases) complete each other: the first word on a thing
// stands. National open data also lists what is no school, which is passed over,
// and says nothing of a school outside priority education.
func (b *builder) schoolRow(rows *tabular.Rows, national bool) (used bool, reason ingest.Reason) {
	if tooLong(rows, sUAI, sName, sAcademie, sZone, sAlias) {
		return false, ingest.ReasonTooLong
	}
	level, ok := oneOf(rows.Text(sLevel), SchoolLevel, levels...)
	if !ok && national {
		return false, ""
	}
	sector, ok2 := oneOf(rows.Text(sSector), schoolSector, sectors...)
	ep, ok3 := oneOf(rows.Text(sEP), priority, priorities...)
	if !ok || !ok2 || !ok3 {
		return false, ingest.ReasonUnknownValue
	}
	if national && ep == "" && rows.Mapped(sEP) && level != "lycee" {
		ep = "HEP"
	}
	n := b.school(canonical(rows.Text(sUAI)))
	s := &b.d.Schools[n]
	s.fromReference = true
	s.Perimeter = s.Perimeter || !national
	fill(&s.Name, string(rows.Text(sName)))
	fill(&s.Level, level)
	fill(&s.Sector, sector)
	fill(&s.EP, ep)
	fill(&s.Academie, string(rows.Text(sAcademie)))
	fill(&s.Zone, zoneName(string(rows.Text(sZone))))
	if national {
		fill(&s.Level, SchoolLevel(s.Name))
	}
	if ips := rows.Number(sIPS); s.IPSTenths < 0 && rows.Has(sIPS) && ips >= 0 && ips < 3000 {
		s.IPSTenths = int32(ips)
		s.IPSBand = IPSBand(s.IPSTenths)
	}
	if s.RolloutDay < 0 {
		s.RolloutDay = rows.Day(sRollout)
	}
	if alias := rows.Text(sAlias); len(alias) > 0 {
		b.d.Aliases[string(alias)] = n
	}
	return true, ""
}

// fill sets a text that is not known yet, without what nobody sees: a school's name
// goes to public pages, where a control that turns the direction of writing would
// change what stands around it.
func fill(into *string, text string) {
	if *into == "" {
		*into = strings.Map(func(r rune) rune {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				return -1
			}
			return r
		}, text)
	}
}

// oneOf reads one of some words, or what a reader of the sources' own words
// makes of the text.
func oneOf(text []byte, read func(string) string, words ...string) (string, bool) {
	s := string(text)
	if s == "" {
		return "", true
	}
	for _, w := range words {
		if s == w {
			return w, true
		}
	}
	w := read(s)
	return w, w != ""
}

// among checks a word that a mapping writes: oneOf reads it.
func among(read func(string) string, words ...string) func(string) error {
	return func(text string) error {
		if _, ok := oneOf([]byte(text), read, words...); !ok {
			return vocabulary.Unknown(text, words)
		}
		return nil
	}
}

// schoolSector reads "public", "privé sous contrat", "PU", "PR".
func schoolSector(text string) string {
	switch f := tabular.Fold(text); {
	case strings.HasPrefix(f, "pu"):
		return "public"
	case strings.HasPrefix(f, "pr"):
		return "prive"
	}
	return ""
}

// priority reads HEP, REP, REP+ and REPPLUS; "hors EP" in the annuaire is empty.
func priority(text string) string {
	switch tabular.Fold(text) {
	case "hep", "hors", "horsep", "non":
		return "HEP"
	case "rep":
		return "REP"
	case "rep+", "repplus":
		return "REP+"
	}
	return ""
}

// zoneName is "A" for "Zone A" and "A".
func zoneName(text string) string {
	if rest, ok := strings.CutPrefix(text, "Zone "); ok {
		return rest
	}
	return text
}

// school is the index of the school of a name, which is made if nobody named it.
func (b *builder) school(name string) int32 {
	key := ingest.SchoolKey([]byte(name))
	n, ok := b.schoolBy[key]
	if !ok {
		n = int32(len(b.d.Schools))
		b.schoolBy[key] = n
		b.d.Schools = append(b.d.Schools,
			School{Key: key, UAI: name, UAIValid: ingest.ValidUAI(name), IPSTenths: -1, RolloutDay: -1})
	}
	return n
}

// resolve finds the school of every place: AAF's structure numbers by
// EtabEducNat, a system's own ids by the aliases of the reference, a UAI by itself.
func (b *builder) resolve(context.Context) error {
	d := b.d
	schools := make([]int32, b.places.len())
	for i := range schools {
		schools[i] = b.placeSchool(b.places.at(int32(i)))
	}
	for structure, uai := range b.etabs {
		if _, ok := d.Aliases[structure]; !ok {
			if n, ok := b.schoolBy[ingest.SchoolKey([]byte(uai))]; ok {
				d.Aliases[structure] = n
			}
		}
	}
	d.Levels = texts(b.levels)
	// A class is of a school: two places of one school share their classes.
	classes := newIDs()
	classOf := make([]int32, b.classes.len())
	for i := range classOf {
		key := b.classes.at(int32(i))
		place := int32(key[0])<<24 | int32(key[1])<<16 | int32(key[2])<<8 | int32(key[3])
		classOf[i], _ = classes.add([]byte(d.Schools[schools[place]].UAI + "$" + string(key[4:])))
	}
	d.Classes = texts(classes)
	_, yearEnd := yearBounds(b.o.End)
	b.rows = nil // nothing is looked up in it any more
	d.Memberships = make([]Membership, 0, len(b.members))
	for _, m := range b.members {
		row := Membership{Person: d.Persons[m.person].Same, School: schools[m.place], Level: m.level, Class: -1,
			FromDay: m.from, ToDay: m.to}
		d.Schools[row.School].Perimeter = true
		if b.objects(row.Person) {
			continue
		}
		if m.class >= 0 {
			row.Class = classOf[m.class]
		}
		if row.ToDay < 0 {
			row.ToDay = yearEnd
		}
		d.Memberships = append(d.Memberships, row)
	}
	b.members = nil
	b.resolveLinks()
	b.checkSchools()
	return nil
}

func (b *builder) placeSchool(place []byte) int32 {
	if uai, ok := b.etabs[string(place)]; ok {
		return b.completed(uai)
	}
	if n, ok := b.d.Aliases[string(place)]; ok {
		return n
	}
	return b.completed(canonical(place))
}

// canonical is a UAI in capitals; the names of other systems stay as they are.
func canonical(name []byte) string {
	if ingest.SchoolKey(name) < 1<<30 {
		return string(bytes.ToUpper(name))
	}
	return string(name)
}

// completed is a school with what AAF knows where the reference is silent.
func (b *builder) completed(uai string) int32 {
	n := b.school(uai)
	s, info := &b.d.Schools[n], b.etabInfo[uai]
	fill(&s.Name, info.name)
	fill(&s.Level, info.kind)
	fill(&s.Sector, info.sector)
	fill(&s.Academie, info.academie)
	return n
}

// checkSchools warns of doubtful schools, by number and never by name.
func (b *builder) checkSchools() {
	all, wrong, bare := 0, 0, 0
	for i := range b.d.Schools {
		s := &b.d.Schools[i]
		if !s.Perimeter {
			continue
		}
		all++
		if !s.UAIValid {
			wrong++
		}
		if !s.fromReference && b.o.Schools != nil {
			bare++
		}
	}
	if wrong > 0 {
		b.warn("schools: %d of %d have no valid UAI (check letter)", wrong, all)
	}
	if bare > 0 {
		b.warn("schools: %d of %d are not in the reference: their IPS, EP status and zone are unknown", bare, all)
	}
}

// SchoolLevel reads the level of a school from the name of its type: "COLLEGE",
// "LYCEE PROFESSIONNEL", "ECOLE ELEMENTAIRE PUBLIQUE"; "" for others.
func SchoolLevel(kind string) string {
	switch folded := tabular.Fold(kind); {
	case levelCollege.MatchString(folded):
		return "college"
	case levelLycee.MatchString(folded):
		return "lycee"
	case levelEcole.MatchString(folded):
		return "ecole"
	}
	return ""
}

var (
	levelCollege = regexp.MustCompile(`^(college|clg|segpa)`)
	levelLycee   = regexp.MustCompile(`^(lycee|lyc|lpo|lp$|erea|sectiondenseignementpro)`)
	levelEcole   = regexp.MustCompile(`^(ecole|1ord|e(e|m)pu|maternelle|elementaire|primaire)`)
)
